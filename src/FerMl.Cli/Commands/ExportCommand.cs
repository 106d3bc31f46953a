using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml export</c>: the network alone, as an ONNX file.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var output = new Option<string?>("--out") { Description = "The ONNX file to write.", HelpName = "onnx" };
        var repository = new Option<string?>("--model-repository")
        {
            Description = "Instead, a folder of models for an inference server (Triton, KServe): the network goes into a folder in it of "
                + "the model's name, with its configuration and labels.",
            HelpName = "folder",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var command = new Command(
            "export", "Write a model's network as ONNX: Pixels [batch, 1, 48, 48], gray levels 0..255, to Score.")
        {
            output, repository, overwrite,
        };
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(output) is null == result.GetResult(repository) is null)
                result.AddError("Give --out or --model-repository.");
        });
        command.SetAction(parsed =>
        {
            var loaded = model.Load(parsed);
            var files = parsed.GetValue(output) is { } file ? [(file, loaded.Onnx)]
                : ModelRepository.Files(parsed.GetRequiredValue(repository)!, model.NameOf(parsed), loaded);
            foreach (var (path, _) in files)
                AtomicFile.CheckFree(path, parsed.GetValue(overwrite));
            foreach (var (path, content) in files)
            {
                AtomicFile.Write(path, stream => stream.Write(content.Span), parsed.GetValue(overwrite));
                terminal.Results.WriteLine(path);
            }
            return ExitCode.Ok;
        });
        return command;
    }
}
