# Runs every snippet of the folder it stands in, in order. What one prints goes to a file of its name.
failed=0
for file in [0-9]*.sh; do
  sh "$file" > "$file.out" 2> "$file.err" || { failed=1; cat "$file" "$file.err" >&2; }
done
exit $failed
