namespace FerMl;

/// <summary>Where the pretrained models are: embedded in FerMl's assembly, so that they are found however it was installed.</summary>
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

    /// <summary>The names of all that are there: those embedded, and the files of the folder <c>models</c> beside the program.</summary>
    public static IEnumerable<string> Names => All.Select(pretrained => pretrained.Name).Concat(Beside.Value.Keys).Distinct();

    // Larger models, such as the ensemble, are no part of the assembly.
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Beside = new(() =>
        Path.Combine(AppContext.BaseDirectory, "models") is var folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.zip").ToDictionary(path => Path.GetFileNameWithoutExtension(path)) : []);

    /// <summary>Opens a model by its name, or null where there is none of that name.</summary>
    /// <exception cref="EmotionModelException">It can't be read.</exception>
    public static (EmotionModel Model, EmotionNetwork Network)? Open(string name) =>
        Find(name) is { } pretrained ? EmotionModel.Open(pretrained)
        : Beside.Value.TryGetValue(name, out var path) ? EmotionModel.Open(path) : null;

    /// <summary>What the labels of a pretrained model are and how accurate it is, by its name; null for other models.</summary>
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

    /// <summary>The model of a name, or null.</summary>
    public static PretrainedModel? Find(string name) =>
        Array.FindIndex(All, pretrained => pretrained.Name == name) is >= 0 and var place ? All[place].Model : null;

    /// <summary>Opens the file.</summary>
    public static Stream Open(PretrainedModel model) => typeof(PretrainedModels).Assembly.GetManifestResourceStream($"{NameOf(model)}.zip")
        ?? throw new EmotionModelException(
            $"{NameOf(model)} was not there when this FerMl was built; build it from a complete checkout (artifacts/models), or name a "
                + $"model file.");
}
