using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary>The option that selects a model.</summary>
internal sealed class ModelSource
{
    private readonly Option<string> _model;

    /// <param name="usual">The default model.</param>
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

    /// <summary>The display name: the file name without folder and extension.</summary>
    public string NameOf(ParseResult parsed) => Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(_model));

    /// <summary>The name or path that was given; otherwise null.</summary>
    public string? GivenIn(ParseResult parsed) =>
        parsed.GetResult(_model) is { Implicit: false } ? parsed.GetRequiredValue(_model) : null;

    public EmotionPredictor Open(ParseResult parsed) => Load(parsed).CreatePredictor();

    public EmotionModel Load(ParseResult parsed) => Load(parsed.GetRequiredValue(_model));

    /// <summary>Whether it is an existing model file or the name of a pretrained model.</summary>
    public static bool IsModel(string name) => File.Exists(name) || PretrainedModels.Names.Contains(name);

    /// <summary>Opens a model file or a pretrained model. A file takes precedence over a pretrained model of the same name.</summary>
    public static EmotionModel Load(string name) => EmotionModel.Find(name);
}
