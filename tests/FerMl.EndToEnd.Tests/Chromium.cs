using System.Text.Json;
using System.Text.RegularExpressions;
using FerMl.Tests;

namespace FerMl.EndToEnd.Tests;

/// <summary>Renders a page in headless Chromium, at a phone's or a screen's width.</summary>
internal static partial class Chromium
{
    /// <param name="Width">Width of the page's content, in CSS pixels.</param>
    /// <param name="Room">Width of the viewport.</param>
    /// <param name="Contrast">Minimum contrast ratio of any text with its background, 1 to 21 (WCAG 2.1).</param>
    /// <param name="Where">The text with that contrast.</param>
    /// <param name="Background">The page's background color.</param>
    /// <param name="Errors">Uncaught errors and console errors of the page.</param>
    public sealed record Sight(double Width, double Room, double Contrast, string Where, string Background, string[] Errors);

    /// <summary>Measures how a page is rendered. Skips the test if Chromium is missing.</summary>
    public static Sight Look(string page, string folder, int width, bool isDark)
    {
        var program = ChromiumProgram.Find();
        // A window can't be as narrow as a phone, but an iframe can. The inner page posts its measurements to the outer page, whose DOM is
        // printed.
        File.WriteAllText(Path.Combine(folder, "inner.html"), page.Replace("<head>", "<head>" + Watch, StringComparison.Ordinal)
            .Replace("</body>", Measure + "</body>", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(folder, "outer.html"), $$"""
            <body><iframe src="inner.html" style="border:0;width:{{width}}px;height:900px"></iframe><pre id="seen"></pre>
            <script>addEventListener("message", event => document.getElementById("seen").textContent = event.data)</script></body>
            """);
        var run = Command.Shell(
            folder, $"{program} --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
                + $"--user-data-dir=profile --window-size=1400,1000 "
            + $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)} --virtual-time-budget=5000 --dump-dom \"file://$PWD/outer.html\"");
        var seen = Seen().Match(run.Output);
        Assert.That(seen.Success && seen.Groups["json"].Length > 0, run.Output + run.Error);
        return JsonSerializer.Deserialize<Sight>(System.Net.WebUtility.HtmlDecode(seen.Groups["json"].Value), JsonSerializerOptions.Web)!;
    }

    private const string Watch = """
        <script>const errors = []; addEventListener("error", event => errors.push(String(event.message)));
            console.error = (...texts) => errors.push(texts.join(" "));</script>
        """;

    /// <summary>Measures the contrast (WCAG 2.1) of HTML texts with the nearest opaque background behind them.</summary>
    private const string Measure = """
        <script>
        const parts = color => color.match(/[\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b]
            .map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = element => {
            for (let e = element; e; e = e.parentElement) {
                const c = parts(getComputedStyle(e).backgroundColor);
                if (c.length < 4 || c[3] > 0.99) return c;
            }
            return [255, 255, 255];
        };
        let least = 21, where = "";
        for (const element of document.body.querySelectorAll("*")) {
            const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            if (element.closest("svg, script, style") || !hasText) continue;
            const [a, b] = [light(parts(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < least) [least, where] = [ratio, element.textContent.trim().slice(0, 60)];
        }
        const background = getComputedStyle(document.body).backgroundColor;
        parent.postMessage(JSON.stringify({ width: document.documentElement.scrollWidth, room: innerWidth, contrast: least, where,
            background, errors }), "*");
        </script>
        """;

    [GeneratedRegex("(?s)<pre id=\"seen\">(?<json>.*?)</pre>")]
    private static partial Regex Seen();
}
