using System.Text.RegularExpressions;

namespace FerMl.Tests;

/// <summary>
/// One term per concept, the one that people search for (CONTRIBUTING.md, "Words"). This test keeps invented terms out.
/// </summary>
public class GlossaryTests
{
    /// <summary>Patterns of banned words, and what to use instead.</summary>
    private static readonly (string Banned, string Instead)[] Words =
    [
        (@"\bin whole numbers\b|whole numbers of eight bits", "int8"), (@"\bsingle[- ]precision\b", "float32"),
        (@"\bfalse alarms?\b|FalseAlarm", "false positive"), (@"\bcut-outs?\b|CutOut", "crop"), (@"\bgray levels?\b", "pixel values"),
        (@"\bsigns? of life\b", "heartbeat"), (@"\b(frames|faces|images) a second\b", "per second"), (@"\bhead leans\b", "roll"),
        (@"\b(Most|Least|Fewest)[A-Z]\w*", "Max, Min"), (@"\bNativeGate\b", "DisposeGuard"),
        (@"\bFaceLook\b|\b[Ll]ikeness\b", "AppearanceDescriptor, similarity"), (@"\bReunite|\bReturnAs\b", "re-identify"),
        (@"\bBatchFeed\b", "DataLoader"), (@"\bModelViews\b|\bFaceView\b", "TestTimeAugmenter, AugmentedView"),
        (@"\bAreaSums\b", "AreaResampler"), (@"\bHardBackgrounds\b", "HardNegatives"), (@"\bDescent\b", "OptimizerStep"),
        (@"\bCardOrBare\b", "CardOrDefault"), (@"\bRoomAsync\b", "AcquireSlotAsync"), (@"\bIsOfClips\b", "IsClipModel"),
        (@"\bTold\b\(", "ClampToFinite"), (@"\banew\b", "again, from scratch"), (@"\b(goes|going|go) on with\b", "resumes"),
        (@"\bheard? of\b|\bhears of\b", "receives, is told"), (@"\blean(s|ing)?\b(?! on)", "roll"),
        (@"\bIsWhole\b(?! \{ init)", "IsComplete"),
        (@"[Ii]n [Ww]hole [Nn]umbers|InWholeNumbers", "int8, integers"), (@"\bFooled\b|\bMistaken\b", "HardNegativeThreshold"),
        (@"\btold apart\b", "classified"), (@"\bmultiply-adds\b", "MACs"), (@"\b[Ww]hoever\b|\b[Ss]omebody\b", "people, callers, users"),
        (@"\bso far\b", "leave it out"), (@"\blooked for\b", "detected"), (@"\b[Mm]end(s|ed)?\b", "fix"),
    ];

    private static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Repository.File("src"), "*.*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.File("tests"), "*.*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories))
            .Concat([Repository.File("README.md"), Repository.File("CONTRIBUTING.md"), Repository.File("SECURITY.md")])
            .Where(path => Path.GetExtension(path) is ".cs" or ".md" or ".txt" or ".html" or ".js" or ".css"
                && Path.GetFileName(path) is not ("GlossaryTests.cs" or "PublicAPI.Shipped.txt")
                && !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "FormerFiles"));

    [Test]
    public void NoWord_IsOneThatWasInventedHere()
    {
        var found = new List<string>();
        foreach (var path in Files)
            foreach (var (i, line) in File.ReadLines(path).Index())
                foreach (var (banned, instead) in Words)
                    if (Regex.Match(line, banned) is { Success: true } word)
                        found.Add($"{Path.GetRelativePath(Repository.Root, path)}:{i + 1}: '{word.Value}'; say {instead}");
        Assert.That(found, Is.Empty);
    }

    /// <summary>Newcomers must find their way in the docs, and maintainers must keep them correct.</summary>
    [Test]
    public void TheDocs_StayShort() => Assert.That(
        Directory.EnumerateFiles(Repository.File("docs"), "*.md", SearchOption.AllDirectories)
            .Sum(page => File.ReadAllText(page).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length),
        Is.AtMost(18_000), "words");
}
