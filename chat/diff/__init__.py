"""What differs: between two texts (words, in parallel), two values of JSON, and two requests. PURE."""
