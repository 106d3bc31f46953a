namespace FerMl;

/// <summary>Where the pretrained models are: embedded in FerMl's assembly, so that they are found however it was installed.</summary>
internal static class PretrainedModels
{
    private static readonly (PretrainedModel Model, string Name)[] All =
        [(PretrainedModel.Seven, "fer7"), (PretrainedModel.Three, "fer3"), (PretrainedModel.SevenFast, "fer7-fast")];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(pretrained => pretrained.Name);

    public static string NameOf(PretrainedModel model) => Array.Find(All, pretrained => pretrained.Model == model).Name
        ?? throw new ArgumentOutOfRangeException(
            nameof(model), model, $"The pretrained models are {string.Join(", ", Enum.GetNames<PretrainedModel>())}.");

    /// <summary>The model of a name, or null.</summary>
    public static PretrainedModel? Find(string name) =>
        Array.FindIndex(All, pretrained => pretrained.Name == name) is >= 0 and var place ? All[place].Model : null;

    /// <summary>Opens the file.</summary>
    public static Stream Open(PretrainedModel model) => typeof(PretrainedModels).Assembly.GetManifestResourceStream($"{NameOf(model)}.zip")
        ?? throw new EmotionModelException(
            $"{NameOf(model)} was not there when this FerMl was built; build it from a complete checkout (artifacts/models), or name a "
                + $"model file.");
}
