"""The page around a report."""

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{name}</title>
<style>{style}</style>
</head>
<body>
<header>
{simulated}<h1 dir="auto">{name}</h1>
<p dir="auto">{summary}</p>
</header>
<main>
{sections}
</main>
</body>
</html>
"""

STYLE = """
:root { --paper: #fff; --ink: #1c1c1e; --soft: #6b6b70; --rule: #dcdce0; --tint: #f4f4f6; color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161618; --ink: #ececee; --soft: #a0a0a6; --rule: #37373b; --tint: #212124; }
}
* { box-sizing: border-box; margin: 0; }
body { max-width: 76rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem); background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang TC", "PingFang SC", "Microsoft JhengHei",
  "Microsoft YaHei", "Noto Sans CJK TC", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 600; }
h2 { font-size: 1.25rem; line-height: 1.35; font-weight: 600; margin-bottom: 1rem; }
h3 { font-size: 1rem; font-weight: 600; margin: 1.5rem 0 .5rem; }
section { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
section p + p { margin-top: .25rem; }
header p, .who, .about, figcaption, dt, th { color: var(--soft); }
.simulated { display: inline-block; margin-bottom: 1rem; padding: .25rem .75rem; border: 2px solid currentColor;
  font-weight: 600; color: var(--ink); }
.sentence { font-size: 1.125rem; font-weight: 600; }
.verdict .sentence { font-size: 1.5rem; line-height: 1.3; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 2rem 3rem; }
.charts h3 { margin-top: 0; }
figure { min-width: 0; }
figcaption { margin-top: .5rem; font-size: .875rem; max-width: 560px; }
figcaption b, th b { color: var(--ink); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { width: 20rem; padding: .75rem 0 .75rem 1rem; text-align: start; vertical-align: top; font-weight: 400; }
tr > :first-child { width: 3rem; padding-left: 0; font-variant-numeric: tabular-nums; }
tr + tr, tbody { border-top: 1px solid var(--rule); }
.picture { position: relative; width: fit-content; }
img { display: block; max-width: 100%; max-height: 80vh; height: auto; }
.pin { position: absolute; transform: translate(-50%, -50%); min-width: 1.5rem; height: 1.5rem; border-radius: .75rem;
  background: #1c1c1e; color: #fff; border: 2px solid #fff; font-size: .75rem; line-height: 1.25rem;
  text-align: center; }
ol, ul { padding-left: 1.5rem; }
td ol { margin-top: .5rem; font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); gap: .25rem 1.5rem; }
dd { font-variant-numeric: tabular-nums; white-space: pre-wrap; }
.prompt { white-space: pre-wrap; padding: .75rem 1rem; background: var(--tint); }
@media (max-width: 40rem) {
  table { width: max-content; min-width: 100%; }
  th, td { width: 9rem; }
  tr > :first-child { width: 3.5rem; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #555; --rule: #bbb; --tint: #f4f4f6; }
  body { padding: 0; max-width: none; }
  figure, tbody tr, .finding { break-inside: avoid; }
  .wide { overflow: visible; }
}
"""
