using System.CommandLine;
using FerMl.Experiments;

namespace FerMl.Cli.Commands;

/// <summary>Options shared by the commands for studies, and the JSON row of a trial.</summary>
internal static class StudyArguments
{
    public static Option<string> Database() => new("--study")
    {
        Description = "The study's database: a SQLite file, or a connection string of PostgreSQL (Host=...;Database=...).",
        DefaultValueFactory = _ => Path.Combine("artifacts", "runs", "studies", "study.db"),
        HelpName = "database",
    };

    public static Option<string> Name() => new("--name")
    {
        Description = "The study's name in the database.",
        DefaultValueFactory = _ => "study",
    };

    public static Option<string> Folder() => new("--folder")
    {
        Description = "Folder for the trials' models and checkpoints; workers of one study share it.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "runs", "studies"),
        HelpName = "folder",
    };

    public static Option<double?> Minutes() => new("--minutes")
    {
        Description = "Minutes after which no further trial starts.",
        HelpName = "n",
    };

    public static Option<double> Lease() => new("--lease")
    {
        Description = "Seconds without a heartbeat after which a worker's trial goes to another.",
        DefaultValueFactory = _ => new StudyWorkerOptions().Lease.TotalSeconds,
        HelpName = "s",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    public static object Row(Trial trial) =>
        new
        {
            trial.Number,
            trial.State,
            trial.Score,
            trial.Epochs,
            trial.Attempts,
            Configuration = trial.Configuration.Values,
            trial.Scores,
            trial.Error
        };
}
