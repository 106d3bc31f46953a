using System.Security.Cryptography;
using FerMl.Tests;
using Microsoft.ML;
using static TorchSharp.torch;

namespace FerMl.Training.Tests;

public class CheckpointTests : FolderTests
{
    private static readonly FerDataset ThreeFaces = TrainingData.Faces.Where(face => EmotionTask.Three.Contains(face.Emotion));

    private static readonly TrainingState State = new()
    {
        Epoch = 3,
        Step = 7,
        LossSum = 1.25,
        Correct = 11,
        Seen = 64,
        History = [new EpochReport(1, 2, 0.3, null, 0.4, 0.1, 500, 9, true)],
    };

    [Test]
    public void WriteAndRead_GiveTheSame_OfAnyTypeAndOrderInMemory()
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>
        {
            ["a"] = randn(2, 3, 4, 5),
            ["channels last"] = ChannelsLast.Copy(randn(2, 3, 4, 5)),
            ["count"] = tensor(42L),
            ["none"] = zeros(0),
        };
        using var stream = new MemoryStream();
        new Checkpoint("signature", State, tensors).Write(stream);
        using var read = Checkpoint.Read(stream.ToArray());
        Assert.That(read.Signature, Is.EqualTo("signature"));
        Assert.That(read.State with { History = [] }, Is.EqualTo(State with { History = [] }));
        Assert.That(read.State.History, Is.EqualTo(State.History));
        foreach (var (name, tensor) in tensors)
            Assert.That((read.Tensors[name].dtype, read.Tensors[name].eq(tensor).all().item<bool>()), Is.EqualTo((tensor.dtype, true)),
                name);
    }

    [Test]
    public void Read_CutShortOrChanged_IsNoticedWhereverItIs()
    {
        var file = Sample();
        foreach (var length in Enumerable.Range(0, 40).Select(i => i * file.Length / 40))
            Assert.That(() => Checkpoint.Read(file.AsSpan(0, length)), Throws.TypeOf<InvalidDataException>(), $"cut at {length}");
        foreach (var place in Enumerable.Range(0, 40).Select(i => i * (file.Length - 1) / 39))
        {
            var changed = file.ToArray();
            changed[place] ^= 1;
            Assert.That(() => Checkpoint.Read(changed), Throws.TypeOf<InvalidDataException>(), $"changed at {place}");
        }
    }

    [Test]
    public void LoadWeights_OfTheLastEpoch_AreAveraged_WhereTheTrainingAverages()
    {
        TrainingData.Fit(TrainingData.Quick with
        {
            Epochs = 1,
            EmaDecay = 0.9,
            Execution = TrainingData.Quick.Execution with { CheckpointFolder = Folder.Root },
        }).Dispose();
        using var scope = NewDisposeScope();
        using var last = new FaceNetwork(TrainingData.Quick.Network!, 7, 0, 1);
        using var best = new FaceNetwork(TrainingData.Quick.Network!, 7, 0, 1);
        Checkpoints.LoadWeights(new CheckpointFolder(Folder.Root), last, CheckpointWeights.Last);
        Checkpoints.LoadWeights(new CheckpointFolder(Folder.Root), best);
        var expected = best.state_dict();
        foreach (var (name, tensor) in last.state_dict())
            Assert.That(tensor.eq(expected[name]).all().item<bool>(), name);
    }

    [Test]
    public void Begin_TakesTheBestWeights_ButNotAnotherTasksClassifier()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var options = new EmotionTrainerOptions { Optimizer = OptimizerKind.Sgd };
        using var earlier = new FaceNetwork(NetworkPreset.Tiny.Network(new(0)), 7, 129, 65);
        using var best = WeightSnapshot.Of(earlier);
        foreach (var weights in earlier.parameters())
            weights.zero_();
        using var step = new TrainingStep(earlier, options, [1, 1, 1, 1, 1, 1, 1], CPU);
        using (var checkpoint = Checkpoints.Take(new TrainingSignature([], "", "", ""), State, earlier, step, best))
            new CheckpointFolder(Folder.Root).Save(checkpoint);

        using var three = new FaceNetwork(NetworkPreset.Tiny.Network(new(0)), 3, 120, 60);
        using var before = WeightSnapshot.Of(three);
        Checkpoints.LoadWeights(new CheckpointFolder(Folder.Root), three);
        foreach (var (name, tensor) in three.state_dict())
            Assert.That(tensor.eq((name.StartsWith(FaceNetwork.Classifier, StringComparison.Ordinal) ? before : best).Tensors[name]).all()
                .item<bool>(), name);

        using var seven = new FaceNetwork(NetworkPreset.Tiny.Network(new(0)), 7, 120, 60);
        Checkpoints.LoadWeights(new CheckpointFolder(Folder.Root), seven);
        foreach (var (name, tensor) in seven.state_dict())
            Assert.That(tensor.eq(best.Tensors[name]).all().item<bool>(), name);
    }

    [Test]
    public void Fit_InitializedFromAnotherTask_HoldsTheSameFacesOut()
    {
        var options = TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2, Seed = 4 };
        using (TrainingData.Fit(options with { Execution = options.Execution with { CheckpointFolder = Folder.Root } }))
        {
        }
        var kept = Checkpoints.HeldOutBy(new CheckpointFolder(Folder.Root));
        var three = TrainingSet.Read(
            TrainingData.View(new MLContext(1), ThreeFaces, EmotionTask.Three), [.. EmotionTask.Three.Labels], options with { Seed = 5 },
            kept);
        Assert.That(three.Validation, Is.Not.Empty);
        Assert.That(three.Validation.Select(three.KeyOf), Is.SubsetOf(kept));
        Assert.That(three.Training.Select(three.KeyOf).Intersect(kept), Is.Empty);
        using var network = TrainingData.Fit(options with
        {
            Seed = 5,
            InitializeFrom = InitialWeights.FromRun(Folder.Root),
        }, ThreeFaces, EmotionTask.Three);
        Assert.That(network.CreateCard(new ModelData("drawn", ThreeFaces.Count, "")).Calibration!.Faces,
            Is.EqualTo(three.Validation.Length));

        var without = TrainingSet.Read(
            TrainingData.View(new MLContext(1), ThreeFaces, EmotionTask.Three), [.. EmotionTask.Three.Labels],
            options with { ValidationFraction = 0 }, kept);
        Assert.That(without.Validation, Is.Empty, "without a validation fraction, none");
    }

    [Test]
    public void Cancel_BetweenTwoReadings_SavesTheSumsOfAllSteps()
    {
        using var scope = NewDisposeScope();
        using var source = new CancellationTokenSource();
        var options = TrainingData.Quick with
        {
            Execution = new() { ReportEverySteps = 10, CheckpointFolder = Folder.Root, CancellationToken = source.Token },
        };
        var set = TrainingSet.Read(TrainingData.View(new MLContext(1)), [.. EmotionTask.Seven.Labels], options);
        using var network = new FaceNetwork(options.Network!, 7, 129, 65);
        var before = get_num_threads();
        set_num_threads(2);
        try
        {
            // The clock is read at the beginning and after each step, if there are threads to choose from.
            var readings = 0;
            using var threads = new ComputeThreads(0, 2 * ComputeThreads.SmallMultiplyAdds, () =>
            {
                set_num_threads(1);
                if (readings++ == 3)
                    source.Cancel();
                return default;
            });
            using var loop = new TrainingLoop(network, set, options, CPU, threads);
            Assert.That(loop.Run, Throws.InstanceOf<OperationCanceledException>());
        }
        finally
        {
            set_num_threads(before);
        }
        using var saved = new CheckpointFolder(Folder.Root).Load()!;
        Assert.That((saved.State.Step, saved.State.Seen), Is.EqualTo((3, 3 * options.BatchSize)));
        Assert.That(saved.State.LossSum, Is.Positive);
    }

    [Test]
    public void Begin_NoCheckpointOrAnotherNetwork_SaysSo()
    {
        using var other = new FaceNetwork(NetworkPreset.Fast.Network(new(0)), 7, 129, 65);
        var folder = new CheckpointFolder(Folder.Root);
        Assert.That(() => Checkpoints.LoadWeights(folder, other),
            Throws.TypeOf<CheckpointException>().With.Message.StartsWith(Folder.Root).And.Message.Contains(
                "has no checkpoint to start from"));
        Save(folder, 1);
        Assert.That(() => Checkpoints.LoadWeights(folder, other),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("is of another network: features").And.Message.Contains(
                "is missing in it").And.Message.Contains("the same preset"));
    }

    [Test]
    public void Load_NewestDamaged_GivesTheOneBefore()
    {
        var folder = new CheckpointFolder(Folder.Root);
        Assert.That((folder.HasCheckpoint, folder.Load()), Is.EqualTo((false, (Checkpoint?)null)));
        Save(folder, 1);
        Save(folder, 2);
        Assert.That(EpochOf(folder), Is.EqualTo(2));
        Damage(CheckpointFolder.FileName);
        Assert.That(EpochOf(folder), Is.EqualTo(1));
        Damage(CheckpointFolder.PreviousFileName);
        Assert.That(() => folder.Load(),
            Throws.TypeOf<CheckpointException>().With.Message.Contains(
                "checkpoint.bin: the checkpoint can't be used: its checksum is wrong")
                    .And.Message.Contains("TrainingRunOptions.Overwrite"));
    }

    [Test]
    public void Load_KilledInTheMiddleOfAWrite_GoesOnFromTheLastWholeOne_AndTidiesUp()
    {
        var folder = new CheckpointFolder(Folder.Root);
        Save(folder, 1);
        // Simulates another process, which opens the folder for the first time.
        AtomicFile.Forget(Folder.Root);
        // Simulates kills while the content is written and, below, between the two renames.
        File.WriteAllBytes(Folder.Path($".{CheckpointFolder.FileName}.next.999999999-{new string('a', 32)}.tmp"), Sample()[..100]);
        Assert.That(EpochOf(folder), Is.EqualTo(1));
        Save(folder, 1);
        Assert.That(Directory.GetFiles(Folder.Root).Select(Path.GetFileName),
            Is.EquivalentTo(new[] { CheckpointFolder.FileName, CheckpointFolder.PreviousFileName }));
        File.Move(Folder.Path(CheckpointFolder.FileName), Folder.Path(CheckpointFolder.PreviousFileName), overwrite: true);
        Assert.That((folder.HasCheckpoint, EpochOf(folder)), Is.EqualTo((true, 1)));
    }

    [Test]
    public void Save_CantBeWritten_SaysSo_AndLeavesTheLastOne()
    {
        var folder = new CheckpointFolder(Folder.Root);
        Save(folder, 1);
        var before = File.ReadAllBytes(Folder.Path(CheckpointFolder.FileName));
        // A folder in the file's place simulates a disk error. Permissions couldn't, since the tests may run as root.
        Directory.CreateDirectory(Folder.Path(CheckpointFolder.FileName + ".next"));
        Assert.That(() => Save(folder, 2),
            Throws.TypeOf<CheckpointException>().With.Message.Contains("the checkpoint can't be written")
                .And.Message.Contains("Execution.Resume"));
        Assert.That(File.ReadAllBytes(Folder.Path(CheckpointFolder.FileName)), Is.EqualTo(before));
    }

    [Test]
    public void Load_RightChecksumAroundWrongContent_IsATypedErrorOrTheOneBefore()
    {
        var folder = new CheckpointFolder(Folder.Root);
        Save(folder, 1);
        var previous = File.ReadAllBytes(Folder.Path(CheckpointFolder.FileName));
        var (random, refused) = (new Random(12), 0);
        for (var i = 0; i < 1_000; i++)
        {
            var changed = Sample()[..^32];
            // The header, which determines how the rest is read.
            for (var k = 0; k < 3; k++)
                changed[8 + random.Next(400)] = (byte)"0123456789-\"[]{}:,.enull aT"[random.Next(27)];
            File.WriteAllBytes(Folder.Path(CheckpointFolder.FileName), [.. changed, .. SHA256.HashData(changed)]);
            File.Delete(Folder.Path(CheckpointFolder.PreviousFileName));
            try
            {
                folder.Load()!.Dispose();
            }
            catch (CheckpointException)
            {
                refused++;
                File.WriteAllBytes(Folder.Path(CheckpointFolder.PreviousFileName), previous);
                Assert.That(EpochOf(folder), Is.EqualTo(1));
            }
        }
        Assert.That(refused, Is.GreaterThan(400));
    }

    [Test]
    public void Load_CheckpointThatTheTrainingCantTake_GivesTheOneBefore()
    {
        var folder = new CheckpointFolder(Folder.Root);
        Save(folder, 1);
        Save(folder, 2);
        using var taken = folder.Load(
            read => _ = read.State.Epoch == 2 ? throw new InvalidDataException("it lacks a tensor") : true);
        Assert.That(taken!.State.Epoch, Is.EqualTo(1));
    }

    private void Damage(string file)
    {
        var bytes = File.ReadAllBytes(Folder.Path(file));
        bytes[^100] ^= 0xFF;
        File.WriteAllBytes(Folder.Path(file), bytes);
    }

    private static int EpochOf(CheckpointFolder folder)
    {
        using var checkpoint = folder.Load()!;
        return checkpoint.State.Epoch;
    }

    private static void Save(CheckpointFolder folder, int epoch)
    {
        using var checkpoint = new Checkpoint("s", new TrainingState { Epoch = epoch }, new Dictionary<string, Tensor>
        {
            ["w"] = ones(50).DetachFromDisposeScope(),
        });
        folder.Save(checkpoint);
    }

    private static byte[] Sample()
    {
        using var stream = new MemoryStream();
        using var checkpoint = new Checkpoint("signature", State, new Dictionary<string, Tensor>
        {
            ["w"] = ones(100).DetachFromDisposeScope(),
        });
        checkpoint.Write(stream);
        return stream.ToArray();
    }
}
