using System.CommandLine;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml ensemble</c>: combines several models into one.</summary>
internal static class EnsembleCommand
{
    public static Command Create(Terminal terminal)
    {
        var models = new Argument<string[]>("models")
        {
            Description = $"Two or more with the same labels: model files, or pretrained models "
                + $"({string.Join(", ", PretrainedModels.Names)}).",
        };
        var output = new Option<string>("--out") { Description = "The model file to write.", Required = true, HelpName = "zip" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command("ensemble", "Merge trained models into one that averages their scores.") { models, output, overwrite };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            ModelEnsemble.Save([.. parsed.GetRequiredValue(models).Select(ModelSource.Load)], path, parsed.GetValue(overwrite));
            terminal.Results.WriteLine(path);
            return ExitCode.Ok;
        });
        return command;
    }
}
