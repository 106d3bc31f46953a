using System.CommandLine;
using FerMl.Detection;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml detector train</c>: trains a custom face detector.</summary>
internal static class DetectorCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var usual = new DetectorTrainerOptions();
        var backgrounds = new Option<string>("--backgrounds")
        {
            Description = "Folder of images in which no face can be seen: photographs, textures, drawings; the more kinds, the fewer false "
                + "positives.",
            HelpName = "folder",
            Required = true,
        };
        var output = new Option<string>("--out") { Description = "The file to write.", HelpName = "zip", Required = true };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a file that is there." };
        var proposals = new Option<int>("--proposal-steps")
        {
            Description = "Steps of the network that proposes faces.",
            DefaultValueFactory = _ => usual.ProposalSteps,
            HelpName = "n",
        }.Between(0, 1_000_000);
        var verification = new Option<int>("--verification-steps")
        {
            Description = "Steps of the network that verifies them.",
            DefaultValueFactory = _ => usual.VerificationSteps,
            HelpName = "n",
        }.Between(0, 1_000_000);
        var batch = new Option<int>("--batch-size")
        {
            Description = "Batch size, in scenes.",
            DefaultValueFactory = _ => usual.BatchSize,
            HelpName = "n",
        }.Between(1, 1_024);
        var start = new Option<string?>("--start-from")
        {
            Description = "A detector whose weights to start from, such as the file of an interrupted training.",
            HelpName = "zip",
        };
        var rate = new Option<double>("--learning-rate")
        {
            Description = "Peak learning rate.",
            DefaultValueFactory = _ => usual.LearningRate,
            HelpName = "r",
        }.Between(1e-6, 1);
        var seed = new Option<int>("--seed")
        {
            Description = "Random seed.",
            DefaultValueFactory = _ => usual.Seed,
            HelpName = "n"
        };
        var train = new Command(
            "train", "Train a face detector on scenes composed of training faces and backgrounds without faces. It is saved every "
                + "thousand steps; --start-from resumes it.")
        {
            backgrounds, output, overwrite, proposals, verification, batch, rate, seed, start,
        };
        data.AddTo(train);
        train.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            AtomicFile.CheckFree(path, parsed.GetValue(overwrite));
            var faces = data.Open(parsed, terminal).Where(face => face.Usage == Usage.Training);
            DetectorTrainer.Train(
                [.. faces.Samples.Select(face => face.Pixels.ToArray())], parsed.GetRequiredValue(backgrounds), path,
                new DetectorTrainerOptions
                {
                    ProposalSteps = parsed.GetValue(proposals),
                    VerificationSteps = parsed.GetValue(verification),
                    BatchSize = parsed.GetValue(batch),
                    LearningRate = parsed.GetValue(rate),
                    Seed = parsed.GetValue(seed),
                    StartFrom = parsed.GetValue(start),
                }, parsed.GetValue(overwrite), Report, terminal.WriteLine, cancellation);
            terminal.WriteLine($"wrote {path}");
            return Task.FromResult(ExitCode.Ok);

            void Report(DetectorProgress progress)
            {
                if (progress.Step % Math.Max(1, progress.Steps / 100) == 0 || progress.Step == progress.Steps)
                    terminal.WriteLine(
                        $"{progress.Network}, step {progress.Step:N0} of {progress.Steps:N0}: loss {progress.Loss:F3}, found "
                            + $"{progress.Found:P0}, false positives {progress.FalsePositives:P0}, {progress.ScenesPerSecond:N0} scenes/s");
            }
        });
        return new Command("detector", "Train a face detector.") { train };
    }
}
