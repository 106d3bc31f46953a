namespace FerMl.Tests;

public class ClipFolderTests : FolderTests
{
    private static readonly FerDataset Faces = SyntheticFaces.Create(70, seed: 9);

    [Test]
    public void Load_FoldersOfFrames_AreClips_TheirFramesInOrder()
    {
        foreach (var (clip, frames) in new[] { ("train/happy/one", 3), ("train/sad/two", 1), ("test/happy/three", 2) })
            for (var i = 0; i < frames; i++)
                Folder.Write($"{clip}/{i:D3}.png", FaceFiles.Png(Faces[i].Pixels));
        Folder.Write("train/happy/one/notes.txt", "");
        var clips = ClipFolder.Load(Folder.Root).Clips;
        Assert.That(clips.Select(clip => (clip.Name.Replace('\\', '/'), clip.Emotion, clip.Usage)), Is.EquivalentTo(new[]
        {
            ("train/happy/one", Emotion.Happy, Usage.Training), ("train/sad/two", Emotion.Sad, Usage.Training),
            ("test/happy/three", Emotion.Happy, Usage.PrivateTest),
        }));
        var one = clips.Single(clip => clip.Name.EndsWith("one", StringComparison.Ordinal));
        Assert.That(one.ReadFrames(), Is.EqualTo(Enumerable.Range(0, 3).Select(i => Faces[i].Pixels.ToArray())));
        Assert.That(one.ReadFrames(), Is.EqualTo(ClipFolder.FramesOf(Folder.Path("train/happy/one"))));
    }

    [Test]
    public void Load_FramesNumberedWithoutZeros_AreInTheOrderOfTheirNumbers()
    {
        for (var i = 0; i < 12; i++)
            Folder.Write($"happy/clip/frame{i}.png", FaceFiles.Png(Faces[i].Pixels));
        Assert.That(ClipFolder.Load(Folder.Root).Clips[0].ReadFrames(),
            Is.EqualTo(Enumerable.Range(0, 12).Select(i => Faces[i].Pixels.ToArray())));
    }

    [TestCase("")]
    [TestCase("/")]
    public void Load_AFolderBelowTheRoot_KnowsWhatItStandsIn(string end)
    {
        Folder.Write("test/happy/clip/0.png", FaceFiles.Png(Faces[0].Pixels));
        Folder.Write("faces/test/happy/0.png", FaceFiles.Png(Faces[0].Pixels));
        var clip = ClipFolder.Load(Folder.Path("test/happy") + end).Clips.Single();
        Assert.That((clip.Emotion, clip.Usage), Is.EqualTo((Emotion.Happy, Usage.PrivateTest)));
        Assert.That(FerDataset.Load(Folder.Path("faces/test/happy") + end)[0].Usage, Is.EqualTo(Usage.PrivateTest));
    }

    [Test]
    public void Load_DamagedClips_AreLeftOutWhereThatIsAskedFor()
    {
        Folder.Write("train/happy/good/0.png", FaceFiles.Png(Faces[0].Pixels));
        Folder.Write("train/sad/bad/0.png", FaceFiles.Png(Faces[1].Pixels));
        Folder.Write("train/sad/bad/1.png", "no image");
        Folder.Write("train/sad/silent.mp4", "a video");
        IReadOnlyList<byte[]> Video(string path) => throw new FerDataException($"{path}: has no face.");
        Assert.That(ClipFolder.Load(Folder.Root, readVideo: Video).Clips, Has.Count.EqualTo(3), "clips are read lazily");
        var left = ClipFolder.Load(Folder.Root, new FerLoadOptions { SkipBadRows = true }, Video);
        Assert.That(left.Clips.Select(clip => Path.GetFileName(clip.Name)), Is.EqualTo(new[] { "good" }));
        Assert.That(left.Remarks[0], Does.StartWith("2 problems; affected clips are left out: ").And.Contain("1.png")
            .And.Contain("has no face"));
        Directory.Delete(Folder.Path("train/happy"), recursive: true);
        Assert.That(() => ClipFolder.Load(Folder.Root, new FerLoadOptions { SkipBadRows = true }, Video),
            Throws.TypeOf<FerDataException>().With.Message.Contains("bad").And.Message.Contains("1.png"), "without clips, it says why");
    }

    [Test]
    public void Load_Videos_AreReadByWhoeverCan()
    {
        Folder.Write("train/happy/clip.mp4", "a video");
        Folder.Write("train/sad/1/0.png", FaceFiles.Png(Faces[0].Pixels));
        var clips = ClipFolder.Load(Folder.Root, readVideo: path =>
            [.. Enumerable.Repeat(Faces[1].Pixels.ToArray(), File.ReadAllText(path).Length)]);
        Assert.That(clips.Clips.Select(clip => clip.ReadFrames().Count), Is.EqualTo(new[] { 7, 1 }));
        Assert.That(() => ClipFolder.Load(Folder.Root),
            Throws.TypeOf<FerDataException>().With.Message.Contains("clip.mp4: is a video, which can't be read here"));
        Folder.Write("train/sad/notes.txt", "");
        var left = ClipFolder.Load(Folder.Root, new FerLoadOptions { SkipBadRows = true });
        Assert.That(left.Clips, Has.Count.EqualTo(1));
        Assert.That(left.Remarks, Has.Count.EqualTo(2).And.Some.Contains("clip.mp4").And.Some.Contains("1 .txt"));
    }

    [Test]
    public void Load_WhatIsNoClip_IsSaid()
    {
        Folder.Write("train/happy/0.png", FaceFiles.Png(Faces[0].Pixels));
        Assert.That(() => ClipFolder.Load(Folder.Root), Throws.TypeOf<FerDataException>().With.Message.Contains(
            "is in folder 'train'; expected one named by emotion, in which each clip is a folder of frames"));
        Assert.That(() => ClipFolder.Load(Folder.Path("none")), Throws.TypeOf<FerDataException>().With.Message.Contains("no such folder"));
        Directory.CreateDirectory(Folder.Path("empty"));
        Assert.That(() => ClipFolder.Load(Folder.Path("empty")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("holds no clips"));
        Folder.Write("bad/happy/clip/0.png", "no image");
        Assert.That(() => ClipFolder.Load(Folder.Path("bad")).Clips[0].ReadFrames(),
            Throws.TypeOf<FerDataException>().With.Message.Contains("0.png"));
    }

    [TestCase(1, new[] { 3 })]
    [TestCase(3, new[] { 1, 3, 5 })]
    [TestCase(7, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    [TestCase(10, new[] { 0, 1, 1, 2, 3, 3, 4, 5, 5, 6 })]
    public void ReadFrames_OfANumber_AreFromEverywhere(int count, int[] expected)
    {
        byte[][] frames = [.. Enumerable.Range(0, 7).Select(i => Enumerable.Repeat((byte)i, FaceResampler.PixelCount).ToArray())];
        var clip = new FaceClip("clip", Emotion.Happy, Usage.Training, () => frames);
        Assert.That(clip.ReadFrames(count).Select(frame => (int)frame[0]), Is.EqualTo(expected));
    }

    [Test]
    public void ReadFrames_OfAnotherSizeOrNone_AreRefused()
    {
        foreach (var frames in (byte[][][])[[], [new byte[5]]])
            Assert.That(() => new FaceClip("odd", Emotion.Happy, Usage.Training, () => frames).ReadFrames(),
                Throws.TypeOf<FerDataException>().With.Message.Contains("odd: a clip needs at least one frame of 2,304 pixel values each"));
    }
}
