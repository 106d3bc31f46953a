namespace FerMl.Tests;

public class DuplicateAuditTests
{
    [Test]
    public void Of_FindsIdenticalPixels_AcrossUsagesAndLabels()
    {
        var dataset = FerDataset.Create("test",
        [
            (Face(1), Emotion.Happy, Usage.Training),
            (Face(2), Emotion.Sad, Usage.Training),
            (Face(1), Emotion.Happy, Usage.PublicTest),
            (Face(2), Emotion.Fear, Usage.PublicTest),
            (Face(3), Emotion.Fear, Usage.PublicTest),
            (Face(3), Emotion.Fear, Usage.PublicTest),
            (Face(4), Emotion.Anger, Usage.PrivateTest),
        ]);
        var audit = DuplicateAudit.Of(dataset);
        Assert.That(audit.Groups.Select(group => group.Select(face => face.Index)), Is.EqualTo(new[] { new[] { 0, 2 }, [1, 3], [4, 5] }));
        Assert.That(audit.ConflictingGroups, Is.EqualTo(1));
        Assert.That(audit.Across(Usage.PublicTest, Usage.Training), Is.EqualTo((2, 1)));
        Assert.That(audit.Across(Usage.PublicTest, Usage.PublicTest), Is.EqualTo((2, 0)));
        Assert.That(audit.Across(Usage.PrivateTest, Usage.Training), Is.EqualTo((0, 0)));
        Assert.That(audit.LeakedFromTraining(), Is.EquivalentTo(new[] { 2, 3 }));
    }

    [Test]
    public void LeakedFromTraining_NoTrainingPart_IsNull() =>
        Assert.That(DuplicateAudit.Of(FerDataset.Create("test", [(Face(1), Emotion.Happy, Usage.PublicTest)])).LeakedFromTraining(),
            Is.Null);

    private static byte[] Face(byte level) => [.. Enumerable.Repeat(level, FaceResampler.PixelCount)];
}
