using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace FerMl.Experiments;

/// <summary>
/// Studies in a database: a SQLite file, or PostgreSQL where workers on several machines share one. Every change is one transaction, so a
/// worker may be killed at any time. A worker that gives no heartbeat for longer than its lease loses its trial to the next that asks;
/// what it reports after that is not taken. Safe for several threads.
/// </summary>
public sealed class StudyStore
{
    private const int MaxLeaseSeconds = 86_460;

    private readonly StudyDatabase _database;
    private readonly StudyDialect _dialect;

    private StudyStore(StudyDatabase database) => (_database, _dialect) = (database, database.Dialect);

    /// <summary>Opens a database and makes its tables where they are missing.</summary>
    /// <param name="connection">The path of a SQLite file, which is made where it is missing, or a connection string of PostgreSQL
    /// (<c>Host=...;Database=...</c> or <c>postgresql://...</c>).</param>
    /// <param name="create">Whether a SQLite file that is missing is made.</param>
    /// <exception cref="ExperimentException">It can't be opened, is missing, or is no database.</exception>
    public static StudyStore Open(string connection, bool create = true) => Open(connection, create, TimeSpan.FromMinutes(3));

    internal static StudyStore Open(string connection, bool create, TimeSpan patience)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connection);
        try
        {
            var dialect = StudyDialect.Of(connection);
            if (create && dialect.File is { } made)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(made))!);
                // An empty file is a database without tables.
                if (!File.Exists(made))
                    new FileStream(made, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            }
            if (!create && dialect.File is { } file && !File.Exists(file))
                throw new ExperimentException($"{file}: no such file; a study is begun with EmotionExperiment.");
            var opened = new StudyDatabase(dialect, StudyAddress.Shown(connection), patience);
            opened.InTransaction(database => database.Run($"""
                {dialect.LockAll};
                CREATE TABLE IF NOT EXISTS ferml_study (name TEXT PRIMARY KEY, definition TEXT NOT NULL);
                CREATE TABLE IF NOT EXISTS ferml_trial (
                    study TEXT NOT NULL REFERENCES ferml_study (name), number INTEGER NOT NULL, configuration TEXT NOT NULL,
                    state TEXT NOT NULL, scores TEXT NOT NULL, target INTEGER NOT NULL, worker TEXT, lease DOUBLE PRECISION,
                    attempts INTEGER NOT NULL, error TEXT,
                    PRIMARY KEY (study, number));
                """));
            return new StudyStore(opened);
        }
        catch (Exception e) when (e is UriFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new ExperimentException($"{StudyAddress.Shown(connection)}: no database can be opened there: {e.Message}", e);
        }
    }

    /// <summary>The same studies, of which a server that went away isn't waited for once a token is canceled.</summary>
    internal StudyStore StoppedBy(CancellationToken token) => new(_database.StoppedBy(token));

    /// <summary>
    /// Begins a study; one that is there already is resumed if it is the same. Only the number of trials may be another: the study has the
    /// larger of the two from then on.
    /// </summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value of the definition is outside its
    /// range.</exception>
    /// <exception cref="ExperimentException">There is another study of that name; the message says what differs.</exception>
    public void Begin(StudyDefinition study)
    {
        ArgumentNullException.ThrowIfNull(study);
        study.Validate();
        var text = JsonSerializer.Serialize(study, FerMlJson.Line);
        _database.InTransaction(database =>
        {
            database.Run("INSERT INTO ferml_study (name, definition) VALUES (@name, @definition) ON CONFLICT (name) DO NOTHING",
                ("@name", study.Name), ("@definition", text));
            // Through the record, so that what an earlier version wrote is compared as this one would write it.
            var there = Definition(database, study.Name);
            // Experiments of earlier versions left no notes.
            if (there.Notes.Count == 0)
                there = there with { Notes = study.Notes };
            var trials = Math.Max(there.MaxTrials, study.MaxTrials);
            if (StudyDifferences.Of(there with { MaxTrials = trials }, study with { MaxTrials = trials }) is { Length: > 0 } differences)
                throw new ExperimentException(
                    $"There is a study '{study.Name}' with {string.Join("; ", differences)}. To resume it, give what it was begun with; to "
                        + $"begin another, give another name.");
            if (trials > there.MaxTrials)
                database.Run("UPDATE ferml_study SET definition = @definition WHERE name = @name", ("@name", study.Name),
                    ("@definition", JsonSerializer.Serialize(there with { MaxTrials = trials }, FerMlJson.Line)));
        });
    }

    /// <summary>The definition of a study.</summary>
    /// <exception cref="ExperimentException">There is no such study; the message lists those there are.</exception>
    public StudyDefinition Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return _database.InTransaction(database => Definition(database, name));
    }

    /// <summary>All studies, by name.</summary>
    public IReadOnlyList<StudySummary> List() => _database.InTransaction(database =>
        (IReadOnlyList<StudySummary>)[.. Names(database).Select(name =>
        {
            var study = Definition(database, name);
            var trials = Trials(database, study);
            var completed = trials.Where(trial => trial.State == TrialState.Completed).ToArray();
            return new StudySummary(
                study, trials.Count, completed.Length, completed.Length == 0 ? null : completed.Max(trial => trial.Score));
        })]);

    /// <summary>A study's trials, by number.</summary>
    public IReadOnlyList<Trial> Trials(string name) => _database.InTransaction(database => Trials(database, name));

    /// <summary>Takes the next piece of work: a trial whose worker died, a paused one that is among the best, or a new one.</summary>
    /// <param name="name">The study.</param>
    /// <param name="worker">Who takes it; every worker has a name of its own.</param>
    /// <param name="lease">How long the worker may be silent.</param>
    /// <param name="tuner">The tuner of a study that has one of its own.</param>
    /// <returns>The work, or null where there is none now; <see cref="IsDone"/> says whether there may be again.</returns>
    /// <exception cref="ExperimentException">There is no such study.</exception>
    public StudyClaim? Claim(string name, string worker, TimeSpan lease, ITuner? tuner = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(worker);
        return _database.InTransaction(database =>
        {
            // One at a time: what comes next depends on all trials.
            database.One($"SELECT name FROM ferml_study WHERE name = @name{_dialect.LockRow}", ("@name", name));
            var study = Definition(database, name);
            database.Run($"UPDATE ferml_trial SET state = 'Waiting', worker = NULL WHERE study = @name AND state = 'Running' AND (lease < "
                // No lease is longer than a day: one that is was given by a clock that was wrong.
                + $"{_dialect.Now} OR lease > {_dialect.Now} + {MaxLeaseSeconds})", ("@name", name));
            var waiting = database.Many(
                $"SELECT number FROM ferml_trial WHERE study = @name AND state = 'Waiting' ORDER BY number LIMIT 1{_dialect.SkipLocked}",
                row => row.GetInt32(0), ("@name", name));
            var trials = Trials(database, study);
            // The server took it, and was gone before it could say so: a worker is at one trial at a time.
            if (database.IsRetry && database.Many(
                "SELECT number, target FROM ferml_trial WHERE study = @name AND state = 'Running' AND worker = @worker",
                row => (Number: row.GetInt32(0), Target: row.GetInt32(1)), ("@name", name), ("@worker", worker)) is [var taken, ..])
                return new StudyClaim(trials[taken.Number], taken.Target);
            if (waiting.Count > 0 && trials.First(trial => trial.Number == waiting[0]) is var left)
                return Take(left, Rungs.After(study, left));
            if (Rungs.Next(study, trials) is { } promoted)
                return Take(promoted, Rungs.After(study, promoted));
            if (study.Propose(trials, tuner) is not { } configuration)
                return null;
            var begun = new Trial(trials.Count, configuration, TrialState.Waiting, [], null, 0, null);
            database.Run("INSERT INTO ferml_trial (study, number, configuration, state, scores, target, attempts) VALUES (@name, "
                + "@number, @configuration, 'Waiting', '[]', 0, 0)",
                ("@name", name), ("@number", begun.Number),
                ("@configuration", JsonSerializer.Serialize(configuration.Values, FerMlJson.Line)));
            return Take(begun, Rungs.Of(study, begun.Number)[0]);

            StudyClaim Take(Trial trial, int epochs)
            {
                database.Run($"UPDATE ferml_trial SET state = 'Running', worker = @worker, lease = {_dialect.Now} + @lease, target = "
                    + $"@target, attempts = attempts + 1 WHERE study = @name AND number = @number",
                    ("@worker", worker), ("@lease", lease.TotalSeconds), ("@target", epochs), ("@name", name), ("@number", trial.Number));
                return new StudyClaim(trial with { State = TrialState.Running, Worker = worker, Attempts = trial.Attempts + 1 }, epochs);
            }
        });
    }

    /// <summary>Whether all trials of a study have ended, and none will begin.</summary>
    /// <param name="name">The study.</param>
    /// <param name="tuner">The tuner of a study that has one of its own.</param>
    public bool IsDone(string name, ITuner? tuner = null) => _database.InTransaction(database =>
    {
        var study = Definition(database, name);
        var trials = Trials(database, study);
        return !trials.Any(trial => trial.State is TrialState.Running or TrialState.Waiting) && Rungs.Next(study, trials) is null
            && study.Propose(trials, tuner) is null;
    });

    /// <summary>A heartbeat.</summary>
    /// <returns>False where the trial was given to another worker; what is under way is in vain then.</returns>
    public bool Renew(string name, StudyClaim claim, TimeSpan lease)
    {
        ArgumentNullException.ThrowIfNull(claim);
        // The next heartbeat comes soon.
        return Change(name, claim, $"lease = {_dialect.Now} + @lease", isPatient: false, ("@lease", lease.TotalSeconds));
    }

    /// <summary>Reports the score of a trial that was trained as far as was asked.</summary>
    /// <returns>False where it was given to another worker meanwhile, whose report will count instead.</returns>
    public bool Report(string name, StudyClaim claim, double score)
    {
        ArgumentNullException.ThrowIfNull(claim);
        var study = Find(name);
        TrialScore[] scores = [.. claim.Trial.Scores, new TrialScore(claim.Epochs, score)];
        return Change(name, claim, "state = @state, scores = @scores, lease = NULL", isPatient: true,
            ("@state", (claim.Epochs >= study.Epochs ? TrialState.Completed : TrialState.Paused).ToString()),
            ("@scores", JsonSerializer.Serialize(scores, FerMlJson.Line)));
    }

    /// <summary>Reports that a trial failed. The study continues without it.</summary>
    public bool Fail(string name, StudyClaim claim, string error)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Change(name, claim, "state = 'Failed', error = @error, lease = NULL", isPatient: true, ("@error", error));
    }

    /// <summary>Gives a trial back, to be resumed by any worker.</summary>
    public bool Release(string name, StudyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Change(name, claim, "state = 'Waiting', worker = NULL, lease = NULL", isPatient: true);
    }

    /// <summary>Changes a trial that is still the claimant's.</summary>
    private bool Change(
        string name, StudyClaim claim, string set, bool isPatient, params (string, object)[] values) => _database.InTransaction(database =>
        database.Run($"UPDATE ferml_trial SET {set} WHERE study = @name AND number = @number AND state = 'Running' AND worker = @worker "
            + $"AND attempts = @attempts",
            [.. values, ("@name", name), ("@number", claim.Trial.Number), ("@worker", claim.Trial.Worker!),
                ("@attempts", claim.Trial.Attempts)]) == 1 || (database.IsRetry && database.Many(
                "SELECT number FROM ferml_trial WHERE study = @name AND number = @number AND attempts = @attempts AND state <> "
                    + "'Running' AND (worker = @worker OR worker IS NULL)", row => row.GetInt32(0),
                ("@name", name), ("@number", claim.Trial.Number), ("@worker", claim.Trial.Worker!),
                ("@attempts", claim.Trial.Attempts)).Count == 1), isPatient);

    private StudyDefinition Definition(StudyTransaction database, string name)
    {
        var text = database.One("SELECT definition FROM ferml_study WHERE name = @name", ("@name", name));
        if (text is not null)
            return ReadChecked($"the study '{name}'", () => StudyRows.Definition(text));
        var names = Names(database);
        throw new ExperimentException(
            $"There is no study '{name}' in the database; {(names.Count == 0 ? "it has none" : $"it has {string.Join(", ", names)}")}.");
    }

    private List<string> Names(StudyTransaction database) => ReadChecked(
        "the list of studies", () => database.Many("SELECT name FROM ferml_study ORDER BY name", row => row.GetString(0)));

    private List<Trial> Trials(StudyTransaction database, string name) => Trials(database, Definition(database, name));

    private List<Trial> Trials(StudyTransaction database, StudyDefinition study) => ReadChecked($"a trial of the study '{study.Name}'",
        () =>
    {
        var trials = database.Many(
            $"SELECT {StudyRows.TrialColumns} FROM ferml_trial WHERE study = @name ORDER BY number", StudyRows.Trial,
            ("@name", study.Name));
        StudyRows.Check(study, trials);
        return trials;
    });

    /// <summary>Reads what a database holds, which somebody may have changed.</summary>
    /// <exception cref="ExperimentException">It is nothing that FerMl wrote.</exception>
    private T ReadChecked<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidCastException
            or InvalidOperationException or OverflowException or ValidationException)
        {
            throw new ExperimentException($"{_database.Name}: {what} is damaged there: {e.Message}", e);
        }
    }
}
