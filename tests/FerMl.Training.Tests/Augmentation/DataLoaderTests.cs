using Microsoft.ML;

namespace FerMl.Training.Tests;

public class DataLoaderTests
{
    private static EmotionTrainerOptions Options { get; } = TrainingData.Quick with { ValidationFraction = 0 };

    private static AugmentationOptions Still { get; } = new()
    {
        Flip = 0,
        Rotation = 0,
        Scale = 0,
        Shift = 0,
        Brightness = 0,
        Contrast = 0,
        Erasing = 0,
    };

    private static readonly TrainingSet Set = Read(TrainingData.Faces);

    [Test]
    public void Epoch_ShowsEveryFaceOnce_InAnotherOrderEachTime()
    {
        var feed = new DataLoader(Set, Options);
        var first = Labels(feed, 1);
        Assert.That(first, Has.Length.EqualTo(Set.Training.Length));
        Assert.That(first.Order(), Is.EqualTo(Set.Training.Select(face => (long)Set.Labels[face]).Order()));
        Assert.That(Labels(feed, 2), Is.Not.EqualTo(first));
        Assert.That(Labels(feed, 1), Is.EqualTo(first));
    }

    [Test]
    public void Epoch_EnteredInTheMiddle_GoesOnTheSame()
    {
        var options = Options with { Augmentation = new AugmentationOptions { MixupAlpha = 0.4 } };
        var whole = new DataLoader(Set, options).Epoch(3).Select(Copy).ToArray();
        var rest = new DataLoader(Set, options).Epoch(3, firstStep: 5).Select(Copy).ToArray();
        Assert.That(rest, Has.Length.EqualTo(whole.Length - 5));
        for (var i = 0; i < rest.Length; i++)
            Assert.That((rest[i].Pixels, rest[i].Targets, rest[i].Labels),
                Is.EqualTo((whole[i + 5].Pixels, whole[i + 5].Targets, whole[i + 5].Labels)), $"step {i + 5}");
    }

    [Test]
    public void Epoch_BalancedSampling_EvensTheClassesOut()
    {
        var faces = TrainingData.Faces.Where(face => face.Emotion == Emotion.Happy || face.Index % 5 == 0);
        var set = Read(faces);
        int[] counts = [.. Enumerable.Range(0, 7)
            .Select(c => Labels(new DataLoader(set, Options with { BalancedSampling = 1 }), 1).Count(label => label == c))];
        Assert.That(counts.Sum(), Is.EqualTo(set.Training.Length));
        Assert.That(set.ClassCounts().Max() / (double)set.ClassCounts().Min(), Is.GreaterThan(4), "in the data set");
        Assert.That(counts.Max() / (double)counts.Min(), Is.LessThan(2.5), "as sampled");
    }

    [Test]
    public void Epoch_Mixup_BlendsPixelsAndTargetsAlike()
    {
        var plain = new DataLoader(Set, Options with { Augmentation = Still }).Epoch(1).Select(Copy).First();
        var mixed = new DataLoader(Set, Options with { Augmentation = Still with { MixupAlpha = 1 } }).Epoch(1).Select(Copy).First();
        var last = plain.Labels.Length - 1;
        var share = (mixed.Pixels[1000] - plain.Pixels[last * 2304 + 1000]) / (plain.Pixels[1000] - plain.Pixels[last * 2304 + 1000]);
        Assert.That(share, Is.InRange(0.5f, 1f));
        for (var c = 0; c < 7; c++)
            Assert.That(mixed.Targets[c], Is.EqualTo(share * plain.Targets[c] + (1 - share) * plain.Targets[last * 7 + c]).Within(1e-3));
        Assert.That(mixed.Targets.Chunk(7).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-5));
        Assert.That(mixed.Labels, Is.EqualTo(plain.Labels));
    }

    [Test]
    public void Epoch_ByMoreThreads_IsTheSame()
    {
        var options = Options with { Augmentation = new AugmentationOptions { MixupAlpha = 0.4, CutMixAlpha = 1, MixesPairwise = true } };
        var alone = new DataLoader(Set, options).Epoch(2).Select(Copy).ToArray();
        foreach (var threads in (int[])[2, 5, 40])
        {
            var together = new DataLoader(Set, options, threads).Epoch(2).Select(Copy).ToArray();
            Assert.That(together, Has.Length.EqualTo(alone.Length));
            for (var i = 0; i < alone.Length; i++)
                Assert.That((together[i].Pixels, together[i].Targets, together[i].Labels),
                    Is.EqualTo((alone[i].Pixels, alone[i].Targets, alone[i].Labels)), $"{threads} threads, step {i}");
        }
    }

    [Test]
    public void Epoch_CutMix_TradesARectangle_AndTargetsByItsArea()
    {
        var plain = new DataLoader(Set, Options with { Augmentation = Still }).Epoch(1).Select(Copy).First();
        var mixed = new DataLoader(Set, Options with { Augmentation = Still with { CutMixAlpha = 1, MixesPairwise = true } }).Epoch(1)
            .Select(Copy).First();
        var count = plain.Labels.Length;
        var shares = new HashSet<int>();
        for (var i = 0; i < count / 2; i++)
        {
            var other = count - 1 - i;
            var traded = 0;
            for (var k = 0; k < 2304; k++)
            {
                var (own, others) = (plain.Pixels[i * 2304 + k], plain.Pixels[other * 2304 + k]);
                Assert.That(mixed.Pixels[i * 2304 + k], Is.EqualTo(own).Or.EqualTo(others));
                Assert.That(mixed.Pixels[i * 2304 + k] + mixed.Pixels[other * 2304 + k], Is.EqualTo(own + others).Within(1e-3));
                traded += own != others && mixed.Pixels[i * 2304 + k] == others ? 1 : 0;
            }
            // Where the pixels of both faces are equal, the exchange is invisible; the targets show its share.
            var label = plain.Labels[i];
            if (label == plain.Labels[other])
                continue;
            var share = mixed.Targets[i * 7 + label];
            Assert.That(share, Is.InRange(0.5f, 1f));
            Assert.That((1 - share) * 2304, Is.GreaterThanOrEqualTo(traded - 0.5));
            shares.Add((int)(share * 2304));
        }
        Assert.That(shares.Count, Is.GreaterThan(2), "each pair has its own share");
    }

    [Test]
    public void Epoch_OneMixForTheBatch_UnlessPairwise()
    {
        var mixed = new DataLoader(Set, Options with { Augmentation = Still with { MixupAlpha = 1 } }).Epoch(1).Select(Copy).First();
        var shares = mixed.Targets.Chunk(7).Select(row => row.Max()).Where(share => share < 0.999f).Distinct().ToArray();
        Assert.That(shares.Max() - shares.Min(), Is.LessThan(1e-5));
    }

    [Test]
    public void Epoch_OfSeveralBatches_MixesEachByAShareOfItsOwn()
    {
        var options = Options with { Augmentation = Still with { MixupAlpha = 1 } };
        var shares = new DataLoader(Set, options).Epoch(1).Select(Copy)
            .Select(batch => batch.Targets.Chunk(7).Select(row => row.Max()).Where(share => share < 0.999f).Append(1).Min());
        Assert.That(shares.Take(5).Select(share => Math.Round(share, 3)), Is.Unique);
    }

    [Test]
    public void Epoch_Crops_LieAnywhereInTheFace()
    {
        var feed = new DataLoader(Set, Options with { Augmentation = Still, CropSize = 40 });
        var batch = feed.Epoch(1).First();
        Assert.That(batch.ImageSize, Is.EqualTo(40));
        // Without augmentation the crop is the center of the face; with it, the crop moves.
        var whole = new DataLoader(Set, Options with { Augmentation = null, CropSize = 40 }).Epoch(1).Select(Copy).First();
        var order = new DataLoader(Set, Options with { Augmentation = null }).Epoch(1).Select(Copy).First();
        for (var y = 0; y < 40; y++)
            Assert.That(whole.Pixels.AsSpan(y * 40, 40).ToArray(), Is.EqualTo(order.Pixels.AsSpan((y + 4) * 48 + 4, 40).ToArray()),
                "the center, without augmentation");
        var moved = new DataLoader(Set, Options with { Augmentation = Still, CropSize = 40 }).Epoch(1).Select(Copy).First();
        Assert.That(moved.Pixels, Is.Not.EqualTo(whole.Pixels).Within(1f));
    }

    [Test]
    public void Epoch_ViewsPerFace_ShowsEachFaceSoOften_ChangedEachTime([Values(0.0, 0.5)] double balanced)
    {
        var options = Options with { Augmentation = new AugmentationOptions(), ViewsPerFace = 3, BalancedSampling = balanced };
        var feed = new DataLoader(Set, options);
        var faces = feed.Epoch(1).Select(Copy).ToArray();
        Assert.That(faces.Sum(batch => batch.Labels.Length), Is.EqualTo(3 * Set.Training.Length));
        var images = faces.SelectMany(batch => batch.Pixels.Chunk(2304)).Select(image => string.Join(',', image)).ToArray();
        Assert.That(images.Distinct().Count(), Is.EqualTo(images.Length), "all images differ");
        if (balanced == 0)
            Assert.That(faces.SelectMany(batch => batch.Labels).CountBy(label => label).ToDictionary()[0],
                Is.EqualTo(3 * Set.ClassCounts()[0]));
    }

    [Test]
    public void SideOf_GrowsToFullSizeOverTheFirstHalf()
    {
        int[] Sides(int start) => [.. Enumerable.Range(1, 12).Select(epoch => new DataLoader(Set, Options with
        {
            InitialImageSize = start,
            Epochs = 12,
        }).SideOf(epoch))];
        Assert.That(Sides(48), Is.All.EqualTo(48));
        Assert.That(Sides(32), Is.EqualTo(new[] { 32, 32, 40, 40, 48, 48, 48, 48, 48, 48, 48, 48 }));
        Assert.That(new DataLoader(Set, Options with { InitialImageSize = 32, Epochs = 12 }).Epoch(1).First().ImageSize, Is.EqualTo(32));
    }

    private static TrainingSet Read(FerDataset faces) =>
        TrainingSet.Read(TrainingData.View(new MLContext(1), faces), [.. EmotionTask.Seven.Labels], Options);

    private static long[] Labels(DataLoader feed, int epoch) => [.. feed.Epoch(epoch).SelectMany(batch => batch.Labels[..batch.Count])];

    private static (float[] Pixels, float[] Targets, long[] Labels) Copy(Batch batch) =>
        (batch.Pixels[..(batch.Count * batch.ImageSize * batch.ImageSize)], batch.Targets[..(batch.Count * 7)],
            batch.Labels[..batch.Count]);
}
