"""The colours and spaces of the views in a notebook.

A colour is asked for in this order: JupyterLab's and Notebook's CSS variables, VS Code's, and where neither is known
(a page made by nbconvert with a theme of its own, nbviewer) one that can be read on light and on dark paper. Text is
never told apart by colour alone. Without this style (GitHub drops it) the views are plain lists and tables.
"""

from html import escape

STYLE = """<style>
.fluxrepl { --ink: var(--jp-content-font-color1, var(--vscode-editor-foreground, currentColor));
  --grey: var(--jp-content-font-color2, var(--vscode-descriptionForeground,
    color-mix(in srgb, currentColor 72%, transparent)));
  --blue: var(--jp-content-link-color, var(--vscode-textLink-foreground, #3b82c4));
  --green: var(--jp-mirror-editor-number-color, var(--vscode-testing-iconPassed, #3a8f5c));
  --red: var(--jp-mirror-editor-string-color, var(--vscode-errorForeground, #d3504f));
  --rule: var(--jp-border-color2, var(--vscode-panel-border, color-mix(in srgb, currentColor 25%, transparent)));
  color: var(--ink); font-family: var(--jp-code-font-family, var(--vscode-editor-font-family, ui-monospace, monospace));
  font-size: var(--jp-code-font-size, 13px); line-height: 1.55; text-align: left; overflow-x: auto; }
.fluxrepl .dim, .fluxrepl thead th { color: var(--grey); font-weight: normal; }
.fluxrepl .name { color: var(--blue); }
.fluxrepl .cotangent { color: var(--green); font-weight: 600; }
.fluxrepl .bad { color: var(--red); font-weight: 600; }
.fluxrepl table { border-collapse: collapse; margin: 0; border: 0; color: inherit; font-size: inherit; }
.fluxrepl table tbody tr:nth-child(n):not(:hover) { background: none; }
.fluxrepl th, .fluxrepl td { border: 0; padding: 1px 18px 1px 0; text-align: left !important; white-space: pre;
  vertical-align: baseline; max-width: none; }
.fluxrepl .count { text-align: right !important; font-variant-numeric: tabular-nums; }
.fluxrepl thead th { border-bottom: 1px solid var(--rule); }
.fluxrepl tfoot td { border-top: 1px solid var(--rule); padding-top: 3px; }
.fluxrepl tr.dim .cotangent, .fluxrepl tr.dim .name { color: inherit; font-weight: normal; }
.fluxrepl tr.sum td { color: var(--grey); }
.fluxrepl tr.sum td:first-child { color: inherit; }
.fluxrepl .tree { margin-left: .42em; padding-left: 1.1em; border-left: 1px solid var(--rule); }
.fluxrepl summary { cursor: pointer; border-radius: 2px; width: fit-content; }
.fluxrepl summary:focus-visible { outline: 2px solid var(--blue); outline-offset: 1px; }
.fluxrepl .leaf { padding-left: 1.08em; }
.fluxrepl .leaf > span, .fluxrepl summary > span { display: inline-block; white-space: pre; margin-right: 1.2em;
  vertical-align: baseline; }
.fluxrepl .more { margin: 0 0 .4em 1.1em; padding-left: 1.1em; border-left: 1px solid var(--rule); color: var(--grey); }
.fluxrepl .more pre { margin: 0; padding: 0; border: 0; background: none; color: var(--ink); font: inherit;
  white-space: pre; overflow-x: auto; }
.fluxrepl svg { color: var(--blue); overflow: visible; max-width: none; }
.fluxrepl svg.hist { vertical-align: -3px; }
.fluxrepl svg .bars { fill-opacity: .8; }
.fluxrepl svg .zero { stroke: var(--grey); stroke-width: 1; }
.fluxrepl svg.curve { display: block; max-width: 100%; height: auto; margin: 6px 0 2px; }
.fluxrepl svg .grid { stroke: var(--grey); }
.fluxrepl svg.curve text { fill: var(--grey); font-family: inherit; }
.fluxrepl svg .line { fill-opacity: .25; }
.fluxrepl progress { accent-color: var(--jp-brand-color1, var(--vscode-progressBar-background, #3b82c4));
  width: 16em; height: 1em; vertical-align: -2px; margin-right: .8em; }
.fluxrepl .graph { overflow-x: auto; padding: 6px 0; }
@media print {
  .fluxrepl { overflow: visible; }
  .fluxrepl details::details-content { content-visibility: visible; block-size: auto; }
}
</style>"""


def box(inside: str, label: str = "") -> str:
    """A view in its frame, with a name for those who listen to the page."""
    named = f' role="group" aria-label="{escape(label)}"' if label else ""
    return f'{STYLE}<div class="fluxrepl"{named}>{inside}</div>'
