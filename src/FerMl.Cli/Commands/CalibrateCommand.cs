using System.CommandLine;
using System.Globalization;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml calibrate</c>: calibrates the confidence of a saved model.</summary>
internal static class CalibrateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelSource();
        var data = new DataSource();
        var usage = new Option<string?>("--usage")
        {
            Description = "The faces to fit the temperature on, which the model must not have seen: PublicTest, PrivateTest, Test (both "
                + "of these) or Training [default: those of Training that the model's training held out].",
        };
        usage.AcceptOnlyFromAmong(UsageChoice.Names);
        var output = new Option<string>("--out") { Description = "The model file to write.", Required = true, HelpName = "zip" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command(
            "calibrate", "Calibrate a saved model: fit its temperature.") { output, usage, overwrite };
        data.AddTo(command);
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            AtomicFile.CheckFree(path, parsed.GetValue(overwrite));
            var loaded = model.Load(parsed);
            var dataset = data.OpenFor(parsed, loaded.Labels, terminal);
            var usages = parsed.GetValue(usage) is null ? null : UsageChoice.Of(parsed, usage!, dataset, terminal);
            var faces = usages is not null
                ? dataset.Where(face => usages.Contains(face.Usage))
                : ModelCalibrator.HeldOutFaces(loaded, dataset);
            var calibration = ModelCalibrator.Save(loaded, faces, path, parsed.GetValue(overwrite));
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"temperature {calibration.Temperature:F3} on {calibration.Faces.Counted("face")}: expected calibration error "
                + $"{calibration.ErrorBefore:F3} before, {calibration.ErrorAfter:F3} after."));
            if (calibration.IsClamped)
                terminal.WriteLine(TrainCommand.ClampedWarning);
            terminal.Results.WriteLine(path);
            return ExitCode.Ok;
        });
        return command;
    }
}
