namespace FerMl;

/// <summary>Where the models that come with FerMl are: embedded in its assembly, so that they are found however it was installed.</summary>
internal static class ShippedModels
{
    private static readonly (ShippedModel Model, string Name)[] All =
        [(ShippedModel.Seven, "fer7"), (ShippedModel.Three, "fer3"), (ShippedModel.SevenFast, "fer7-fast")];

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Select(shipped => shipped.Name);

    public static string NameOf(ShippedModel model) => Array.Find(All, shipped => shipped.Model == model).Name
        ?? throw new ArgumentOutOfRangeException(nameof(model), model, $"The models that come with FerMl are {string.Join(", ", Enum.GetNames<ShippedModel>())}.");

    /// <summary>The model of a name, or null.</summary>
    public static ShippedModel? Find(string name) => Array.FindIndex(All, shipped => shipped.Name == name) is >= 0 and var place ? All[place].Model : null;

    /// <summary>Opens the file.</summary>
    public static Stream Open(ShippedModel model) => typeof(ShippedModels).Assembly.GetManifestResourceStream($"{NameOf(model)}.zip")
        ?? throw new EmotionModelException($"{NameOf(model)} was not there when this FerMl was built; build it from a complete checkout (artifacts/models), or name a model file.");
}
