using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml export</c>: the network alone, as an ONNX file; or a faster model.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var data = new DataSource();
        var output = new Option<string?>("--out")
        {
            Description = "The ONNX file to write; with --int8 also a model file (.zip).",
            HelpName = "onnx|zip",
        };
        var repository = new Option<string?>("--model-repository")
        {
            Description = "Instead, a folder of models for an inference server (Triton, KServe): the network goes into a folder in it of "
                + "the model's name, with its configuration and labels.",
            HelpName = "folder",
        };
        var int8 = new Option<bool>("--int8")
        {
            Description = "Have its convolutions compute in whole numbers of eight bits: a third of the time on processors with VNNI. "
                + "Their ranges are measured on the training faces of --data.",
        };
        var trained = new Option<bool>("--trained")
        {
            Description = "Of a model that computes in whole numbers, the network as it was trained, in single precision.",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var command = new Command(
            "export", "Write a model's network as ONNX: Pixels [batch, 1, 48, 48], gray levels 0..255, to Score.")
        {
            output, repository, int8, trained, overwrite,
        };
        data.AddTo(command, isRequired: false);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(output) is null == result.GetResult(repository) is null)
                result.AddError("Give --out or --model-repository.");
            if (result.GetValue(int8) != (result.GetResult(data.Path) is not null))
                result.AddError("--int8 and --data go together: ranges are measured on the data's training faces.");
            if (result.GetValue(int8) && result.GetValue(trained))
                result.AddError("Give --int8 or --trained, not both.");
            if (!result.GetValue(int8) && IsModelFile(result.GetValue(output)))
                result.AddError("A model file (.zip) is written with --int8 only; name an .onnx file.");
        });
        command.SetAction(parsed =>
        {
            var replaces = parsed.GetValue(overwrite);
            var loaded = model.Load(parsed);
            if (loaded.IsOfClips && parsed.GetValue(repository) is not null)
                throw new ValidationException(
                    $"{loaded.Name} tells the emotion of clips; --model-repository is for models of single faces.");
            if (parsed.GetValue(trained) && loaded.Card?.Quantization is not null && !loaded.HasTrained)
                throw new ValidationException($"{loaded.Name} has no network but the one that computes in whole numbers.");
            if (parsed.GetValue(output) is { } path)
                AtomicFile.CheckFree(path, replaces);
            if (parsed.GetValue(int8) && IsModelFile(parsed.GetValue(output)))
            {
                var zip = parsed.GetRequiredValue(output)!;
                ModelQuantizer.Save(loaded, data.Open(parsed, terminal), zip, replaces);
                terminal.Results.WriteLine(zip);
                return ExitCode.Ok;
            }
            var onnx = parsed.GetValue(int8) ? ModelQuantizer.Quantize(loaded, data.Open(parsed, terminal)).Onnx
                : parsed.GetValue(trained) ? loaded.TrainedOnnx : loaded.Onnx;
            var files = parsed.GetValue(output) is { } file ? [(file, onnx)]
                : ModelRepository.Files(parsed.GetRequiredValue(repository)!, model.NameOf(parsed), loaded, onnx);
            foreach (var (place, _) in files)
                AtomicFile.CheckFree(place, replaces);
            foreach (var (place, content) in files)
            {
                AtomicFile.Write(place, stream => stream.Write(content.Span), replaces);
                terminal.Results.WriteLine(place);
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static bool IsModelFile(string? path) => path?.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) == true;
}
