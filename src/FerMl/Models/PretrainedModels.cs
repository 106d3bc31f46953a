namespace FerMl;

/// <summary>Finds the pretrained models, which are embedded in FerMl's assembly and so don't depend on the installation.</summary>
internal static class PretrainedModels
{
    private static readonly (PretrainedModel Model, string Name, string About)[] All =
    [
        (PretrainedModel.FerPlus, "ferplus", FerPlus("88.8 %")),
        (PretrainedModel.FerPlusFast, "ferplus-fast", FerPlus("86.8 %")),
        (PretrainedModel.Seven, "fer7", Fer2013("71.2 % of seven emotions")),
        (PretrainedModel.Three, "fer3", Fer2013("82.6 % of three emotions")),
        (PretrainedModel.SevenFast, "fer7-fast", Fer2013("68.2 % of seven emotions")),
    ];

    /// <summary>The names of all available models: those embedded, and the files in the folder <c>models</c> next to the program.</summary>
    public static IEnumerable<string> Names => All.Select(pretrained => pretrained.Name).Concat(NextToProgram.Value.Keys).Distinct();

    // Larger models, such as the ensemble, aren't embedded in the assembly.
    private static readonly Lazy<IReadOnlyDictionary<string, string>> NextToProgram = new(() =>
        Path.Combine(AppContext.BaseDirectory, "models") is var folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.zip").ToDictionary(path => Path.GetFileNameWithoutExtension(path)) : []);

    /// <summary>Opens a model by its name; null if there is none.</summary>
    /// <exception cref="EmotionModelException">The model can't be read.</exception>
    public static (EmotionModel Model, EmotionNetwork Network)? Open(string name) =>
        Find(name) is { } pretrained ? EmotionModel.Open(pretrained)
        : NextToProgram.Value.TryGetValue(name, out var path) ? EmotionModel.Open(path) : null;

    /// <summary>A description of a pretrained model's labels and accuracy, by its name; null for other models.</summary>
    public static string? AboutOf(string name) => Array.Find(All, pretrained => pretrained.Name == name).About;

    private static string FerPlus(string accuracy) =>
        $"The emotion is what most of ten people would see in the face (FER+): this model agrees with them on {accuracy} of FER+'s "
        + "public test faces, one person with the others on 80 %.";

    private static string Fer2013(string accuracy) =>
        $"The emotion is FER2013's label, the search term that would find the image: this model is right on {accuracy}, people on about "
        + "65 % of seven.";

    public static string NameOf(PretrainedModel model) => Array.Find(All, pretrained => pretrained.Model == model).Name
        ?? throw new ArgumentOutOfRangeException(
            nameof(model), model, $"The pretrained models are {string.Join(", ", Enum.GetNames<PretrainedModel>())}.");

    /// <summary>The embedded model with a given name, or null.</summary>
    public static PretrainedModel? Find(string name) =>
        Array.FindIndex(All, pretrained => pretrained.Name == name) is >= 0 and var place ? All[place].Model : null;

    /// <summary>Opens the embedded model file.</summary>
    public static Stream Open(PretrainedModel model) => typeof(PretrainedModels).Assembly.GetManifestResourceStream($"{NameOf(model)}.zip")
        ?? throw new EmotionModelException(
            $"{NameOf(model)} was missing when FerMl was built; build it from a complete checkout (artifacts/models), or name a "
                + $"model file.");
}
