using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The option by which commands name their model, and how it is opened.</summary>
internal sealed class ModelSource
{
    private readonly Option<string> _model;

    /// <param name="usual">The model that is used where none is named.</param>
    public ModelSource(PretrainedModel usual = PretrainedModel.Seven)
    {
        _model = new("--model")
        {
            Description = $"A model file, or one of the pretrained models: {string.Join(", ", PretrainedModels.Names)}.",
            HelpName = "zip|name",
            DefaultValueFactory = _ => PretrainedModels.NameOf(usual),
        };
    }

    public void AddTo(Command command) => command.Options.Insert(0, _model);

    /// <summary>What to call it: the file's name without its folder and ending.</summary>
    public string NameOf(ParseResult parsed) => Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(_model));

    /// <summary>The name or path that was given; null where none was.</summary>
    public string? GivenIn(ParseResult parsed) =>
        parsed.GetResult(_model) is { Implicit: false } ? parsed.GetRequiredValue(_model) : null;

    public EmotionPredictor Open(ParseResult parsed) => Load(parsed).CreatePredictor();

    public EmotionModel Load(ParseResult parsed) => Load(parsed.GetRequiredValue(_model));

    /// <summary>Whether there is such a model file, or it is the name of a model that comes with FerMl.</summary>
    public static bool IsModel(string name) => File.Exists(name) || PretrainedModels.Names.Contains(name);

    /// <summary>Opens a model file, or a model that comes with FerMl. A file of the person's own comes first.</summary>
    public static EmotionModel Load(string name) => EmotionModel.Find(name);
}
