using FerMl.Tests;
using FerMl.Training.Onnx;

namespace FerMl.Training.Tests;

public class ModelCalibratorTests : FolderTests
{
    private static readonly EmotionModel Fast = EmotionModel.LoadPretrained(PretrainedModel.SevenFast);
    private static readonly string[] Labels = [.. Fast.Labels];

    /// <summary>Faces with labels sampled from the model's own scores, for which its temperature is therefore optimal.</summary>
    private static readonly (byte[][] Faces, int[] Truth) Right = Draw();

    [TestCase(0.5)]
    [TestCase(3)]
    public void Calibrate_ANetworkThatIsTooSureOrUnsure_FindsItsTemperatureAgain(double factor)
    {
        var former = ClassifierGraph.Parse(Fast.Onnx).Temperature;
        var (onnx, calibration) = OnnxBytes.Calibrate(OnnxTemperature.Scale(Fast.Onnx, factor), Labels, Right.Faces, Right.Truth);
        Assert.That(calibration.Temperature, Is.EqualTo(former).Within(0.15 * former));
        Assert.That(calibration.IsClamped, Is.False);
        Assert.That(calibration.ErrorAfter, Is.LessThan(calibration.ErrorBefore));
        Assert.That(ClassifierGraph.Parse(onnx).Temperature, Is.EqualTo((float)calibration.Temperature)
            .Within(1e-4f));
    }

    [Test]
    public void Calibrate_OnLabelsThatSayNothing_EndsAtTheBound_AndSaysSo()
    {
        var random = new Random(4);
        int[] truth = [.. Right.Truth.Select(_ => random.Next(Labels.Length))];
        var calibration = OnnxBytes.Calibrate(Fast.Onnx, Labels, Right.Faces, truth).Calibration;
        Assert.That(calibration.Temperature, Is.EqualTo(4).Within(0.01));
        Assert.That(calibration.IsClamped);
    }

    [TestCase(TestTimeAugmentation.None)]
    [TestCase(TestTimeAugmentation.TenCrop)]
    public void Logits_AtTheirTemperature_GiveTheNetworksScores(TestTimeAugmentation views)
    {
        using var network = new FaceNetwork(NetworkPreset.Tiny.Network(new(0)), 7, 129, 65);
        network.eval();
        var onnx = OnnxTemperature.Scale(OnnxExporter.Export(network, Labels, views, WeightFormat.Float16), 1.7);
        AreTheScores(onnx);
    }

    [Test]
    public void Logits_OfAnEnsemble_GiveItsScores_AndItsMembersShareAFactor()
    {
        var fer7 = EmotionModel.LoadPretrained(PretrainedModel.Seven);
        ModelEnsemble.Save([Fast, fer7], Folder.Path("both.zip"));
        var both = EmotionModel.Load(Folder.Path("both.zip"));
        AreTheScores(both.Onnx.ToArray());
        float[] former = Temperatures(both.Onnx), scaled = Temperatures(OnnxTemperature.Scale(both.Onnx, 2));
        Assert.That(former, Has.Length.EqualTo(2));
        Assert.That(scaled, Is.EqualTo(former.Select(temperature => 2 * temperature)));

        static float[] Temperatures(ReadOnlyMemory<byte> onnx) =>
            [.. ClassifierGraph.Parse(onnx).Members.Select(member => member.Temperature)];
    }

    [Test]
    public void Save_GivesAModelFile_WithTheTemperatureInItsCard()
    {
        var faces = SyntheticFaces.Create(70, seed: 5);
        var calibration = ModelCalibrator.Save(Fast, faces, Folder.Path("calibrated.zip"));
        var saved = EmotionModel.Load(Folder.Path("calibrated.zip"));
        Assert.That(saved.Card!.Calibration, Is.EqualTo(calibration));
        Assert.That(calibration.Faces, Is.EqualTo(70));
        Assert.That(saved.Card.Network, Is.EqualTo(Fast.Card!.Network));
        Assert.That(() => ModelCalibrator.Save(Fast, faces, Folder.Path("calibrated.zip")), Throws.InstanceOf<IOException>());
        Assert.That(() => ModelCalibrator.Save(
            EmotionModel.LoadPretrained(PretrainedModel.Three), SyntheticFaces.Create(70).Where(face => face.Emotion == Emotion.Fear),
            Folder.Path("none.zip")),
            Throws.TypeOf<FerDataException>().With.Message.Contains("no face has one of the labels happy, sad, neutral"));
    }

    [Test]
    public void HeldOutFaces_AreThoseThatTheTrainingHeldOut()
    {
        var options = TrainingData.Quick with { Epochs = 1, ValidationFraction = 0.2 };
        TrainingRun.Execute(new TrainingRunOptions
        {
            Dataset = TrainingData.Faces,
            Preset = NetworkPreset.Tiny,
            Training = options,
            OutputFolder = Folder.Root,
        });
        var model = EmotionModel.Load(Folder.Path("model.zip"));
        var heldOut = ModelCalibrator.HeldOutFaces(model, TrainingData.Faces);
        Assert.That(heldOut.Samples.Select(face => TrainingSet.KeyOf(face.Pixels)), Is.EquivalentTo(model.Card!.HeldOut));
        // Copies of these faces in a test split aren't selected.
        var twice = FerDataset.Create("twice", [.. TrainingData.Faces.Samples.Select(face => (face, face.Usage))
            .Concat(heldOut.Samples.Select(face => (face, Usage.PrivateTest)))
            .Select(face => (face.Item1.Pixels.ToArray(), face.Item1.Emotion, face.Item2))]);
        Assert.That(ModelCalibrator.HeldOutFaces(model, twice).Samples.Select(face => face.Usage), Is.All.EqualTo(Usage.Training));
        Assert.That(() => ModelCalibrator.HeldOutFaces(model, SyntheticFaces.Create(70, seed: 77)),
            Throws.TypeOf<FerDataException>().With.Message.Contains("none of the 112 faces that the training of model.zip held out"));
    }

    private static void AreTheScores(byte[] onnx)
    {
        byte[][] faces = [.. Right.Faces.Take(20)];
        using var network = EmotionNetwork.Open(onnx, "network");
        var expected = network.Score([.. faces.SelectMany(face => face.Select(level => (float)level))], faces.Length);
        var logits = OnnxLogits.Of(ClassifierGraph.Parse(onnx), faces, Labels.Length);
        Assert.That(TemperatureScaling.Scores(logits, Labels.Length, 1), Is.EqualTo(expected).Within(1e-5f));
    }

    private static (byte[][], int[]) Draw()
    {
        var faces = SyntheticFaces.Create(700, seed: 81);
        var random = new Random(3);
        using var predictor = Fast.CreatePredictor();
        var truth = predictor.Predict(faces).Select(prediction =>
        {
            var (left, label) = (random.NextDouble(), 0);
            while (label < Labels.Length - 1 && (left -= prediction.Scores[label].Score) > 0)
                label++;
            return label;
        });
        return ([.. faces.Samples.Select(face => face.Pixels.ToArray())], [.. truth]);
    }
}
