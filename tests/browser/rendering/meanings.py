"""Pieces of Markdown, and the elements that they become."""

from .corpus import CANARY

LINK = 'target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"'
COPY = (
    '<button class="button button--icon button--small" type="button" aria-label="Copy code" title="Copy code"'
    ' data-copy-code="">'
    '<svg class="icon" aria-hidden="true"><use href="#icon-copy"></use></svg></button>'
)
PICTURE = '<svg class="icon" aria-hidden="true"><use href="#icon-image"></use></svg>'

MEANINGS = {
    "paragraphs": ("one\n\ntwo", "<p>one</p><p>two</p>"),
    "line breaks": ("a\nb  \nc", "<p>a\nb<br>c</p>"),
    "emphasis": (
        "*a* **b** ~~c~~ ***d***",
        "<p><em>a</em> <strong>b</strong> <s>c</s> <em><strong>d</strong></em></p>",
    ),
    "code in a line": ("`a < b`", "<p><code>a &lt; b</code></p>"),
    "headings below the page's own": ("# a\n## b\n### c\n#### d", "<h3>a</h3><h4>b</h4><h5>c</h5><h6>d</h6>"),
    "setext headings": ("a\n===\nb\n---", "<h3>a</h3><h4>b</h4>"),
    "headings heard below the message's own, whichever level they begin with": (
        "## a\n#### b\n## c\n### d\n# e\n### f",
        '<h4 aria-level="3">a</h4><h6 aria-level="4">b</h6><h4 aria-level="3">c</h4><h5 aria-level="4">d</h5>'
        '<h3>e</h3><h5 aria-level="4">f</h5>',
    ),
    "a heading in a quote": (
        "## a\n\n> ##### b\n\n### c",
        '<h4 aria-level="3">a</h4><blockquote><h6 aria-level="4">b</h6></blockquote><h5 aria-level="4">c</h5>',
    ),
    "a rule": ("a\n\n---", "<p>a</p><hr>"),
    "quotes": ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
    "a tight list": ("- a\n- b\n  1. c", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"),
    "a loose list": ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    "a list that starts later": ("7. a\n8. b", '<ol start="7"><li>a</li><li>b</li></ol>'),
    "tasks": (
        "- [x] *a* b\n- [ ] c",
        '<ul><li class="task"><input type="checkbox" disabled="" checked="" aria-label="a b">'
        " <em>a</em> b</li>"
        '<li class="task"><input type="checkbox" disabled="" aria-label="c"> c</li></ul>',
    ),
    "a table": (
        "|a|b|c|\n|-|-:|:-:|\n|1|2|*3*|",
        '<div class="prose__table" tabindex="0" role="group" aria-label="Table: a, b, c"><table><thead><tr>'
        '<th scope="col">a</th><th scope="col" class="number">b</th><th scope="col" class="centred">c</th>'
        '</tr></thead><tbody><tr><td>1</td><td class="number">2</td><td class="centred"><em>3</em></td>'
        "</tr></tbody></table></div>",
    ),
    "a table without names of columns": (
        "| |\n|-|\n|1|",
        '<div class="prose__table" tabindex="0" role="group" aria-label="Table"><table><thead><tr>'
        '<th scope="col"></th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>',
    ),
    "code": (
        "```py\nif 1:  # c\n    'a'\n```",
        f'<div class="code"><div class="code__head"><span>py</span>{COPY}</div><pre tabindex="0"><code>'
        '<span class="token-keyword">if</span> <span class="token-number">1</span>:  '
        '<span class="token-comment"># c</span>'
        "\n    <span class=\"token-string\">'a'</span></code></pre></div>",
    ),
    "code without a language": (
        "    a\n    b",
        f'<div class="code"><div class="code__head"><span>text</span>{COPY}</div>'
        '<pre tabindex="0"><code>a\nb</code></pre></div>',
    ),
    "HTML, which is text": ("a <b>c</b><br>", "<p>a &lt;b&gt;c&lt;/b&gt;&lt;br&gt;</p>"),
    "an entity": ("&amp;&copy;&lt;b&gt;", "<p>&amp;©&lt;b&gt;</p>"),
    "a link that says where it leads": (
        "<https://a.test/b>",
        f'<p><a href="https://a.test/b" {LINK}>https://a.test/b</a></p>',
    ),
    "a link that does not": (
        "[b](https://a.test/b 't')",
        f'<p><a href="https://a.test/b" title="t" {LINK}>b<span class="link-host"> (a.test)</span></a></p>',
    ),
    "a link that lies": (
        "[https://bank.test](https://evil.test)",
        f'<p><a href="https://evil.test" {LINK}>https://bank.test'
        '<span class="link-host"> (evil.test)</span></a></p>',
    ),
    "a link that hides behind a name": (
        "<https://bank.test@evil.test>",
        f'<p><a href="https://bank.test@evil.test" {LINK}>https://bank.test@evil.test'
        '<span class="link-host"> (evil.test)</span></a></p>',
    ),
    "a mail address": ("<a@b.test>", f'<p><a href="mailto:a@b.test" {LINK}>a@b.test</a></p>'),
    "a link to elsewhere": (
        "[a](/etc) [b](ftp://c.test) [d](file:///e)",
        "<p>[a](/etc) [b](ftp://c.test) [d](file:///e)</p>",
    ),
    "a remote image": (
        f"![cat]({CANARY})",
        f'<p><span class="remote-image">{PICTURE}<span class="remote-image__label">cat</span> '
        f'<a href="{CANARY}" {LINK}>{CANARY}</a></span></p>',
    ),
    "an image that came along": (
        "![dot](data:image/png;base64,iVBORw0KGgo=)",
        '<p><img src="data:image/png;base64,iVBORw0KGgo=" alt="dot" class="prose__image"></p>',
    ),
    "prices, which are no formulas": (
        "$5 and $10, US$3, $HOME/$PATH, \\$x\\$",
        "<p>$5 and $10, US$3, $HOME/$PATH, $x$</p>",
    ),
}
