export const page = `<!DOCTYPE html><html lang="en"><head><title>A page</title></head><body class="top page">
<!-- a comment -->
<div id="first" class="box" data-n="5" data-on="true" data-x="text" data-json='{"a":[1]}' data-long-name="l" data-none>one <b>bold</b> tail</div>
<div id="second" class="box wide"><p>p1</p><p class="mid">p2 <i>i</i></p><span>s</span><p>p3</p></div>
<ul><li>a</li><li class="mid">b</li><li>c</li><li>d</li></ul>
<table><caption>C</caption><thead><tr><th>h</th></tr></thead><tbody><tr><td>1</td><td colspan="2">2</td></tr></tbody></table>
<pre>&lt;x&gt; &amp; &quot;q&quot; &nbsp; ä</pre><br><img src="i.png" alt="A &amp; B"><script>if (a < b) {}</script>
</body></html>`;
export const tried = (name, f) => { let r; try { r = f(); } catch (e) { console.log(name, 'throws', String(e)); return; } console.log(name, text(r)); };
export const text = (r) => r === undefined ? 'undefined' : r === null ? 'null' : Array.isArray(r) ? `[${r.map(text).join('; ')}]` : typeof r !== 'object' ? JSON.stringify(r)
  : r.toArray ? `(${r.toArray().map((s) => `${s.get(0) ? s.get(0).nodeName() : '?'}:${s.text().trim().replace(/\s+/g, ' ')}`).join('; ')})`
  : r.nodeName ? `<${r.nodeName()} ${r.textContent().trim().replace(/\s+/g, ' ')}>` : `{${Object.keys(r).sort().map((k) => `${k}: ${text(r[k])}`).join()}}`;
