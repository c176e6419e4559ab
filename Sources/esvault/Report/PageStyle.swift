extension Page {
  /// For the screen from 320 pixels on, and for paper.
  static let style: HTML = """
    :root { --fail: #a4161a; --unknown: #7a4f00; --pass: #14663a; --ink: #1c2127; --soft: #57606a;
      --line: #d0d7de; --fail-soft: #fdeceb; --unknown-soft: #fff4d9; --pass-soft: #e8f5ec; }
    * { box-sizing: border-box; }
    html { color-scheme: light; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; color: var(--ink);
      background: #fff; font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
      overflow-wrap: anywhere; }
    h1 { margin: 0 0 .25rem; font-size: 2rem; line-height: 1.2; }
    h2 { margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 2px solid var(--ink); font-size: 1.25rem; }
    h3 { margin: 0; font-size: 1rem; }
    p { margin: .25rem 0; }
    a { color: inherit; }
    small, .label, .legend, .tally, .kind, .reason { color: var(--soft); font-size: .85rem; }
    code { font: .86em/1.4 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; }
    .kind { letter-spacing: .08em; text-transform: uppercase; font-size: .72rem; }
    .badge { display: inline-block; padding: 0 .5em; border: 1px solid; border-radius: 1em;
      font-size: .8rem; font-weight: 600; white-space: nowrap; background: #fff; }
    .badge.fail, .fail b.fail, b.fail, td.fail { color: var(--fail); }
    .badge.unknown, b.unknown, td.unknown { color: var(--unknown); }
    .badge.pass, td.pass, span.pass { color: var(--pass); }
    .badge.info, td.none, span.none { color: var(--soft); }
    .banner { margin: 1.25rem 0 .75rem; padding: .9rem 1rem; border: 1px solid; border-left-width: .6rem;
      border-radius: .3rem; font-size: 1.05rem; }
    .banner .badge { margin-right: .4rem; font-size: 1rem; }
    .banner.fail { border-color: var(--fail); background: var(--fail-soft); }
    .banner.unknown { border-color: var(--unknown); background: var(--unknown-soft); }
    .banner.pass { border-color: var(--pass); background: var(--pass-soft); }
    .tiles { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 0; padding: 0; list-style: none; }
    .tiles b { font-size: 1.5rem; }
    .notice { margin: 1rem 0; padding: .6rem 1rem; border: 1px dashed var(--unknown); background: var(--unknown-soft); }
    .notice ul { margin: .25rem 0; padding-left: 1.2rem; }

    .places { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16.5rem), 1fr)); gap: 1rem; align-items: start; }
    figure { margin: 0; padding: .8rem; border: 1px solid var(--line); border-radius: .3rem; break-inside: avoid; }
    figcaption { margin-bottom: .6rem; }
    figcaption small, figcaption code { display: block; }
    .layers { display: flex; gap: .5rem; margin: 0; padding: 0; list-style: none; }
    .layers > li { flex: 1 1 0; min-width: 0; }
    .layers .layers { margin-top: .9rem; }
    .layer { position: relative; padding: .3rem .5rem; border: 1px solid var(--soft); border-radius: .25rem;
      background: #fff; line-height: 1.35; }
    .layer code, .layer small { display: block; }
    .layers .layers .layer::before { content: ""; position: absolute; left: 1rem; bottom: 100%; height: .9rem;
      border-left: 2px solid var(--soft); }
    .mark { float: right; font-size: .75rem; font-weight: 600; }
    .legend .mark { float: none; }
    .mark, .lock .kind { color: var(--pass); }
    .layer.lock { border: 2px solid var(--pass); background: var(--pass-soft); }
    .layer.below { border-color: var(--pass); background: repeating-linear-gradient(135deg, #fff 0 5px, var(--pass-soft) 5px 10px); }
    .layer.bare { border: 2px dashed var(--fail); background: var(--fail-soft); }
    .bare .mark { color: var(--fail); }

    .check { margin: .75rem 0; padding: .7rem 1rem; border: 1px solid var(--line); border-left: .4rem solid var(--line);
      border-radius: .3rem; }
    .check.fail { border-left-color: var(--fail); }
    .check.unknown { border-left-color: var(--unknown); }
    .check.pass { border-left-color: var(--pass); }
    .findings { margin: .4rem 0; padding: 0; list-style: none; }
    .findings > li { margin: .35rem 0; }
    .advice { padding: .35rem .6rem; background: #f3f5f7; border-radius: .25rem; }
    .advice code { white-space: pre-wrap; }
    .evidence { margin: .2rem 0 .2rem 1.2rem; padding: 0; color: var(--soft); font-size: .85rem; }

    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: .85rem; }
    th, td { padding: .15rem .4rem; border-bottom: 1px solid var(--line); text-align: center; }
    th:first-child { text-align: left; font-weight: 500; min-width: 9rem; }
    thead th { vertical-align: bottom; }
    thead th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-weight: 500; }
    td.fail { background: var(--fail-soft); font-weight: 700; }
    td.unknown { background: var(--unknown-soft); font-weight: 700; }
    .sum th, .sum td { border-bottom: 2px solid var(--ink); font-weight: 700; }
    .host { margin: .4rem 0; border: 1px solid var(--line); border-radius: .3rem; padding: .4rem .8rem; }
    .host > summary { cursor: pointer; }
    .host > .label { scroll-margin-top: 3.5rem; }
    .host[open] > summary { padding-bottom: .5rem; }
    .host h2 { font-size: 1rem; border-bottom-width: 1px; margin-top: 1.25rem; }
    .limits { color: var(--soft); font-size: .9rem; }
    .limits h2 { color: var(--ink); }

    @media (max-width: 40rem) { body { padding: 1rem .75rem 3rem; } h1 { font-size: 1.5rem; } }
    @page { margin: 16mm 14mm; }
    @media print {
      body { max-width: none; padding: 0; font-size: 10pt; }
      .screen { display: none; }
      .wide { overflow: visible; }
      .places { grid-template-columns: repeat(3, 1fr); gap: .7rem; }
      h2, h3, summary, .label { break-after: avoid; }
      figure, .check, tr, .banner, .findings > li { break-inside: avoid; }
      table { font-size: 8pt; }
      th, td { padding: .1rem .2rem; }
      thead { display: table-header-group; }
      a { text-decoration: none; }
    }
    """
}
