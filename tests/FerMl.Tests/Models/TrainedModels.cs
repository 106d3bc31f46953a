using FerMl.Training;

namespace FerMl.Tests;

/// <summary>Small models trained once on synthetic faces, for all tests that need one.</summary>
[SetUpFixture]
public sealed class TrainedModels
{
    private static TestFolder? _folder;

    public static FerDataset Faces { get; } = SyntheticFaces.Create(2_100, seed: 21);
    public static string SevenPath { get; private set; } = "";
    public static string ThreePath { get; private set; } = "";
    public static byte[] SevenBytes { get; private set; } = [];

    [OneTimeSetUp]
    public void Train()
    {
        _folder = new TestFolder();
        SevenPath = Train(EmotionTask.Seven, TestTimeAugmentation.None);
        ThreePath = Train(EmotionTask.Three, TestTimeAugmentation.Flip);
        SevenBytes = File.ReadAllBytes(SevenPath);
    }

    [OneTimeTearDown]
    public void Delete() => _folder?.Dispose();

    private static string Train(EmotionTask task, TestTimeAugmentation averaging) => TrainingRun.Execute(new TrainingRunOptions
    {
        Dataset = Faces,
        Task = task,
        Preset = NetworkPreset.Tiny,
        Training = NetworkPreset.Tiny.Defaults with { Epochs = 4, TestTimeAugmentation = averaging },
        OutputFolder = _folder!.Path(task.Name),
    }).ModelPath;
}
