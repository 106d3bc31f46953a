using System.CommandLine;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml export</c>: the network alone, as an ONNX file.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var output = new Option<string>("--out") { Description = "The ONNX file to write.", Required = true, HelpName = "onnx" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command(
            "export", "Write a model's network as ONNX: Pixels [batch, 1, 48, 48], gray levels 0..255, to Score.") { output, overwrite };
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            var loaded = model.Load(parsed);
            AtomicFile.Write(parsed.GetRequiredValue(output), stream => stream.Write(loaded.Onnx.Span), parsed.GetValue(overwrite));
            terminal.Results.WriteLine(parsed.GetRequiredValue(output));
            return ExitCode.Ok;
        });
        return command;
    }
}
