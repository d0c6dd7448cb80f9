"""Plan packs: what a response is made of, as data that a health authority can read, check and sign.

A pack is a folder: `plan.toml` (what it is, its sources, who signed it), one `<section>.toml` for each domain,
rosters as CSV, texts for each language. Reading is strict: a key nobody knows, a wrong unit, a missing
translation or a reference to nothing is a problem with file and line, in both languages.

- `loader`: `load_pack`, `check_pack`, and `load_content` for a pack that was adopted
- `packs`: `Pack` with its sections, texts, content hash and the list of what nobody has verified
- `sections`: where domains register theirs; `values`: cited values, words, rows; `release`: named primitives
- `schemas`, `reference`: JSON Schema for editors, the reference page

Promises: a pack that loads is whole; the same content has the same hash; no value passes as verified without
a source. It never decides anything: a plan says when, a person decides.
"""
