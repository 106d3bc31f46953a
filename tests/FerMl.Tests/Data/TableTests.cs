namespace FerMl.Tests;

/// <summary>Tables as users have them.</summary>
public class TableTests : FolderTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(70);

    private static string Pixels(int face, string separator = " ", string after = "") =>
        string.Join(separator, Faces[face].Pixels.ToArray().Select(level => $"{level}{after}"));

    private static IEnumerable<TestCaseData> Tables()
    {
        yield return Case("decimals", $"emotion,pixels,Usage\n3,{Pixels(0, after: ".0")},Training\n4,{Pixels(1)},PublicTest\n");
        yield return Case("list", $"emotion,pixels,Usage\n3,\"[{Pixels(0, ", ")}]\",Training\n4,{Pixels(1)},PublicTest\n");
        yield return Case("commas", $"emotion,pixels,Usage\n3,\"{Pixels(0, ",")}\",Training\n4,{Pixels(1)},PublicTest\n");
        yield return Case("other names", $"label,image,split\n3,{Pixels(0)},train\n4,{Pixels(1)},val\n");
        yield return Case("no header", $"3,{Pixels(0)},Training\n4,{Pixels(1)},PublicTest\n");
        var header = string.Join(',', Enumerable.Range(0, 2_304).Select(i => $"pixel{i}"));
        yield return Case("wide", $"emotion,{header},Usage\n3,{Pixels(0, ",")},Training\n4,{Pixels(1, ",")},validation\n");

        static TestCaseData Case(string name, string table) => new TestCaseData(table).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Tables))]
    public void Load_ReadsIt(string table)
    {
        var faces = FerDataset.Load(Folder.Write("table.csv", table));
        Assert.That(faces.Samples.Select(face => (face.Emotion, face.Usage)),
            Is.EqualTo(new[] { (Emotion.Happy, Usage.Training), (Emotion.Sad, Usage.PublicTest) }));
        Assert.That(faces[0].Pixels.ToArray(), Is.EqualTo(Faces[0].Pixels.ToArray()));
        Assert.That(faces[1].Pixels.ToArray(), Is.EqualTo(Faces[1].Pixels.ToArray()));
    }

    [TestCase("70.5")]
    [TestCase("-3")]
    [TestCase("300")]
    [TestCase("x")]
    public void Load_OfWhatIsNoGrayLevel_NamesIt(string level)
    {
        var text = string.Join(' ', Enumerable.Repeat("1", 2_303).Append(level));
        Assert.That(() => FerDataset.Load(Folder.Write("table.csv", $"emotion,pixels\n3,{text}\n")),
            Throws.TypeOf<FerDataException>().With.Message.Contains($"pixel 2,304 is '{level}'"));
    }
}
