using System.CommandLine;
using FerMl.Training;

namespace FerMl.Cli.Commands;

/// <summary><c>ferml score-views</c>: what teachers say of changed views of each face, for students to learn from.</summary>
internal static class ScoreViewsCommand
{
    public static Command Create(Terminal terminal)
    {
        var data = new DataSource();
        var models = new Option<string[]>("--model")
        {
            Description = "A teacher: a model file or a pretrained model's name; may be given several times.",
            HelpName = "zip|name",
            Required = true,
        };
        var output = new Option<string>("--out") { Description = "The file to write.", Required = true, HelpName = "zip" };
        var preset = new Option<string>("--preset")
        {
            Description = $"The students' preset, which says how faces are changed: "
                + $"{string.Join(", ", NetworkPreset.All.Select(p => p.Name))}.",
            DefaultValueFactory = _ => NetworkPreset.Strong.Name,
            HelpName = "name",
        };
        var erasing = new Option<double?>("--erasing")
        {
            Description = "The students' --erasing, where it isn't the preset's.",
            HelpName = "n",
        };
        var crop = new Option<int?>("--crop") { Description = "The students' --crop, where it isn't the preset's.", HelpName = "n" };
        var views = new Option<int>("--views")
        {
            Description = "Views of each face.",
            DefaultValueFactory = _ => 8,
            HelpName = "n",
        }.Between(1, 64);
        var seed = new Option<int>("--seed") { Description = "Seed of the changes.", DefaultValueFactory = _ => 0, HelpName = "n" };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it is there." };
        var command = new Command(
            "score-views", "Have models score changed views of each training face, for students to learn from (train --teacher-views).")
        {
            models, output, preset, erasing, crop, views, seed, overwrite,
        };
        data.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(output);
            AtomicFile.CheckFree(path, parsed.GetValue(overwrite));
            var defaults = NetworkPreset.Find(parsed.GetRequiredValue(preset)).Defaults;
            var augmentation = defaults.Augmentation ?? new AugmentationOptions();
            EmotionModel[] teachers = [.. parsed.GetRequiredValue(models).Select(ModelSource.Load)];
            var faces = data.Open(parsed, terminal).Where(face => face.Usage == Usage.Training);
            var count = parsed.GetValue(views);
            var scored = ProgressDisplay.Run(terminal, $"scoring {count} views of {faces.Count.Counted("face")}", progress =>
                TeacherViews.Score(
                faces, teachers, new TeacherViewsOptions
                {
                    Augmentation = augmentation with { Erasing = parsed.GetValue(erasing) ?? augmentation.Erasing },
                    CropSize = parsed.GetValue(crop) ?? defaults.CropSize,
                    Views = count,
                    Seed = parsed.GetValue(seed),
                    Progress = new FractionProgress(progress, count),
                    CancellationToken = cancellation,
                }));
            scored.Save(path, parsed.GetValue(overwrite));
            terminal.Results.WriteLine(path);
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
