"""Joining our modules into one file, in an order and with scopes in which they still work."""

import re
from pathlib import Path

import pytest

from playground.joining import JOINED, join_modules, join_styles

ROOT = Path(__file__).parent.parent


@pytest.fixture
def static(tmp_path: Path) -> Path:
    for folder in ("js/lib", "css"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def write(static: Path, name: str, text: str) -> None:
    (static / "js" / f"{name}.js").write_text(text)


def test_a_module_stands_after_all_that_it_imports(static: Path) -> None:
    write(static, "app", 'import { b } from "lib/b"\nimport { a } from "lib/a"\nb(a)\n')
    write(static, "lib/a", "export const a = 1\n")
    write(static, "lib/b", 'import { a } from "lib/a"\nexport function b(x) { return x + a }\n')
    joined = join_modules(static, "app")
    assert places(joined) == ["lib_a", "lib_b", "app"]
    assert "const { a } = $lib_a" in joined


def places(joined: str) -> list[str]:
    return re.findall(r"^const \$(\w+) = \(\(\) =>", joined, re.M)


def test_a_module_gives_what_it_exports_and_keeps_the_rest(static: Path) -> None:
    exported = "export function f() {}\nexport async function g() {}\nexport class H {}\nexport const i = 1\n"
    write(static, "app", exported + "const own = 2\n")
    joined = join_modules(static, "app")
    assert "return { f, g, H, i }" in joined
    assert joined.rstrip().endswith("export const { f, g, H, i } = $app")


def test_an_entry_that_exports_nothing_ends_without_an_export(static: Path) -> None:
    write(static, "app", "start()\n")
    assert "export" not in join_modules(static, "app")


def test_vendored_code_stays_imported_once_and_first(static: Path) -> None:
    write(static, "app", 'import { a } from "lib/a"\nimport X from "vendor/x"\n')
    write(static, "lib/a", 'import X from "vendor/x"\nexport const a = X\n')
    joined = join_modules(static, "app")
    assert joined.startswith('import X from "vendor/x"')
    assert joined.count("import ") == 1


@pytest.mark.parametrize(
    "line",
    [
        "export default function f() {}",
        'export * from "lib/a"',
        'export { a } from "lib/a"',
        'import * as a from "lib/a"',
        'import "lib/a"',
        "export let x = 1",
    ],
)
def test_forms_that_it_does_not_know_are_refused(static: Path, line: str) -> None:
    write(static, "app", f"{line}\n")
    write(static, "lib/a", "export const a = 1\n")
    with pytest.raises(ValueError, match="cannot join"):
        join_modules(static, "app")


def test_styles_are_joined_with_the_layers_first(static: Path) -> None:
    for name in ("base", "layers", "answers"):
        (static / "css" / f"{name}.css").write_text(f"/* {name} */")
    assert re.findall(r"/\* (\w+) \*/", join_styles(static)) == ["layers", "answers", "base"]


@pytest.mark.parametrize("name", sorted(JOINED))
def test_what_is_served_holds_every_file_of_ours(name: str) -> None:
    joined = JOINED[name](ROOT / "static")
    assert len(joined) > 1000
    assert not re.search(r'^import .* from "(?!vendor/)', joined, re.M)


def test_all_modules_reach_the_page() -> None:
    app, markdown = (JOINED[f"joined/{name}.js"](ROOT / "static") for name in ("app", "markdown"))
    modules = {path for path in (ROOT / "static" / "js").rglob("*.js") if path.stem != "app"}
    names = {str(path.relative_to(ROOT / "static" / "js").with_suffix("")) for path in modules}
    served = {place.replace("_", "-") for place in [*places(app), *places(markdown)]}
    assert {re.sub(r"\W", "-", name) for name in names} <= served


def test_every_name_that_a_module_imports_is_exported_there() -> None:
    js = ROOT / "static" / "js"
    for path in js.rglob("*.js"):
        for names, module in re.findall(
            r'^import \{([^}]*)\} from "(lib/[^"]+|behaviors/[^"]+)"', path.read_text(), re.M
        ):
            source = (js / f"{module}.js").read_text()
            for name in names.split(","):
                assert re.search(rf"^export .*\b{name.strip()}\b", source, re.M), f"{path.name}: {name}"
