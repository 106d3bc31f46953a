using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using FerMl.Onnx;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml export</c>: exports the network as an ONNX file, or a faster model.</summary>
internal static class ExportCommand
{
    private static readonly string[] ViewNames = [.. Enum.GetNames<TestTimeAugmentation>().Select(name => name.ToLowerInvariant())];

    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var data = new DataSource();
        var output = new Option<string?>("--out")
        {
            Description = "The ONNX file to write; with --int8 or --test-time-augmentation also a model file (.zip).",
            HelpName = "onnx|zip",
        };
        var repository = new Option<string?>("--model-repository")
        {
            Description = "Instead, a model repository of an inference server (Triton, KServe): the network goes into a subfolder "
                + "with the model's name, with its configuration and labels.",
            HelpName = "folder",
        };
        var int8 = new Option<bool>("--int8")
        {
            Description = "Quantize its convolutions to int8: a third of the time on processors with VNNI. "
                + "Their ranges are measured on the training faces of --data.",
        };
        var views = new Option<string?>("--test-time-augmentation")
        {
            Description = "The new test-time augmentation; with --data its temperature is fitted again.",
            HelpName = string.Join('|', ViewNames),
        };
        views.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, ViewNames);
        var trained = new Option<bool>("--trained")
        {
            Description = "The float32 network of an int8 model.",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there." };
        var command = new Command(
            "export", "Write a model's network as ONNX: Pixels [batch, 1, 48, 48], pixel values 0..255, to Score.")
        {
            output, repository, int8, views, trained, overwrite,
        };
        data.AddTo(command, isRequired: false);
        model.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(output) is null == result.GetResult(repository) is null)
                result.AddError("Give --out or --model-repository.");
            var (hasData, hasViews) = (result.GetResult(data.Path) is not null, result.GetResult(views) is not null);
            if (result.GetValue(int8) && !hasData)
                result.AddError("--int8 needs --data: ranges are measured on its training faces.");
            if (hasData && !result.GetValue(int8) && !hasViews)
                result.AddError("--data goes with --int8 or --test-time-augmentation; nothing else is measured on it.");
            if (result.GetValue(trained) && (result.GetValue(int8) || hasViews))
                result.AddError(
                    "--trained exports the float32 network unchanged; leave out --int8 and --test-time-augmentation.");
            if (!result.GetValue(int8) && !hasViews && IsModelFile(result.GetValue(output)))
                result.AddError("A model file (.zip) is written with --int8 or --test-time-augmentation only; name an .onnx file.");
        });
        command.SetAction(parsed =>
        {
            var replaces = parsed.GetValue(overwrite);
            var loaded = model.Load(parsed);
            if (loaded.IsClipModel && parsed.GetValue(repository) is not null)
                throw new ValidationException(
                    $"{loaded.Name} predicts the emotion of clips; --model-repository is for models of single faces.");
            if (parsed.GetValue(trained) && loaded.Card?.Quantization is not null && !loaded.HasTrained)
                throw new ValidationException($"{loaded.Name} has only its int8 network.");
            if (parsed.GetValue(int8))
                loaded.RequireSingleFaces();
            if (parsed.GetValue(views) is not null)
                TestTimeAugmenter.RequireTrained(loaded);
            if (parsed.GetValue(output) is { } path)
                AtomicFile.CheckFree(path, replaces);
            var dataset = parsed.GetResult(data.Path) is null ? null : data.Open(parsed, terminal);
            if (parsed.GetValue(views) is not null && dataset is null && OnnxFile.IsInt8(loaded.Onnx))
                throw new ValidationException(
                    $"{loaded.Name} is int8; give its training data (--data) to measure its ranges again.");
            if (parsed.GetValue(views) is not null && dataset is not null && ModelCalibrator.TryHeldOutFaces(loaded, dataset) is null)
                terminal.WriteLine(
                    $"{dataset.Source} has none of the faces that the training of {loaded.Name} held out; its temperature stays the same "
                    + "('ferml calibrate' fits one on other faces).");
            var (onnx, card, asTrained) = Variant();
            if (IsModelFile(parsed.GetValue(output)))
            {
                var zip = parsed.GetRequiredValue(output)!;
                ModelQuantizer.Save(loaded, onnx, card, asTrained, zip, replaces);
                terminal.Results.WriteLine(zip);
                return ExitCode.Ok;
            }
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

            (byte[] Onnx, ModelCard Card, ReadOnlyMemory<byte> Trained) Variant()
            {
                if (parsed.GetValue(views) is { } name)
                    return TestTimeAugmenter.Change(
                        loaded, Enum.Parse<TestTimeAugmentation>(name, ignoreCase: true), dataset,
                        parsed.GetValue(int8) || OnnxFile.IsInt8(loaded.Onnx));
                if (!parsed.GetValue(int8))
                    return ((parsed.GetValue(trained) ? loaded.TrainedOnnx : loaded.Onnx).ToArray(), loaded.CardOrDefault, default);
                var (quantized, quantizedCard) = ModelQuantizer.Quantize(loaded, ClassifierGraph.Parse(loaded.TrainedOnnx), dataset!);
                return (quantized, quantizedCard, loaded.TrainedOnnx);
            }
        });
        return command;
    }

    private static bool IsModelFile(string? path) => path?.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) == true;
}
