using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace FerMl.Experiments;

/// <summary>
/// Studies in a database: a SQLite file, or PostgreSQL for workers on several machines. Every change is one transaction, so a worker may be
/// killed at any time. If a worker sends no heartbeat for the duration of its lease, the next worker gets its trial, and its later reports
/// are rejected. Thread-safe.
/// </summary>
public sealed class StudyStore
{
    private const int MaxLeaseSeconds = 86_460;

    private readonly StudyDatabase _database;
    private readonly StudyDialect _dialect;

    private StudyStore(StudyDatabase database) => (_database, _dialect) = (database, database.Dialect);

    /// <summary>Opens a database and creates missing tables.</summary>
    /// <param name="connection">The path of a SQLite file, which is created if missing, or a connection string of PostgreSQL
    /// (<c>Host=...;Database=...</c> or <c>postgresql://...</c>).</param>
    /// <param name="create">Whether to create a missing SQLite file.</param>
    /// <exception cref="ExperimentException">The database can't be opened or is missing, or the file isn't a database.</exception>
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
                // An empty file is a valid database without tables.
                if (!File.Exists(made))
                    new FileStream(made, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
            }
            if (!create && dialect.File is { } file && !File.Exists(file))
                throw new ExperimentException($"{file}: no such file; start a study with EmotionExperiment.");
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

    /// <summary>The same store, without retries for an unavailable server once a token is canceled.</summary>
    internal StudyStore StoppedBy(CancellationToken token) => new(_database.StoppedBy(token));

    /// <summary>
    /// Starts a study, or resumes an existing one with the same definition. Only the number of trials may differ; the study then gets the
    /// larger of the two.
    /// </summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value of the definition is outside its
    /// range.</exception>
    /// <exception cref="ExperimentException">Another study has this name; the message describes the differences.</exception>
    public void Begin(StudyDefinition study)
    {
        ArgumentNullException.ThrowIfNull(study);
        study.Validate();
        var text = JsonSerializer.Serialize(study, FerMlJson.Line);
        _database.InTransaction(database =>
        {
            database.Run("INSERT INTO ferml_study (name, definition) VALUES (@name, @definition) ON CONFLICT (name) DO NOTHING",
                ("@name", study.Name), ("@definition", text));
            // Parse the stored definition, so that text written by an earlier version compares correctly.
            var there = Definition(database, study.Name);
            // Studies of earlier versions have no notes.
            if (there.Notes.Count == 0)
                there = there with { Notes = study.Notes };
            var trials = Math.Max(there.MaxTrials, study.MaxTrials);
            if (StudyDifferences.Of(there with { MaxTrials = trials }, study with { MaxTrials = trials }) is { Length: > 0 } differences)
                throw new ExperimentException(
                    $"There is a study '{study.Name}' with {string.Join("; ", differences)}. Resume it with the settings it was started "
                        + $"with, or give another name.");
            if (trials > there.MaxTrials)
                database.Run("UPDATE ferml_study SET definition = @definition WHERE name = @name", ("@name", study.Name),
                    ("@definition", JsonSerializer.Serialize(there with { MaxTrials = trials }, FerMlJson.Line)));
        });
    }

    /// <summary>Gets the definition of a study.</summary>
    /// <exception cref="ExperimentException">The study doesn't exist; the message lists the existing ones.</exception>
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

    /// <summary>The trials of a study, by number.</summary>
    public IReadOnlyList<Trial> Trials(string name) => _database.InTransaction(database => Trials(database, name));

    /// <summary>Claims the next trial: one whose worker died, a paused one among the best, or a new one.</summary>
    /// <param name="name">The study.</param>
    /// <param name="worker">The worker's name, unique among all workers.</param>
    /// <param name="lease">How long the worker may go without a heartbeat.</param>
    /// <param name="tuner">The tuner of a study with a custom one.</param>
    /// <returns>The claim, or null if nothing is available now; <see cref="IsDone"/> says whether there may be later.</returns>
    /// <exception cref="ExperimentException">The study doesn't exist.</exception>
    public StudyClaim? Claim(string name, string worker, TimeSpan lease, ITuner? tuner = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(worker);
        return _database.InTransaction(database =>
        {
            // Lock the study, because the next trial depends on all others.
            database.One($"SELECT name FROM ferml_study WHERE name = @name{_dialect.LockRow}", ("@name", name));
            var study = Definition(database, name);
            database.Run($"UPDATE ferml_trial SET state = 'Waiting', worker = NULL WHERE study = @name AND state = 'Running' AND (lease < "
                // No lease is longer than a day; a longer one was set by a wrong clock.
                + $"{_dialect.Now} OR lease > {_dialect.Now} + {MaxLeaseSeconds})", ("@name", name));
            var waiting = database.Many(
                $"SELECT number FROM ferml_trial WHERE study = @name AND state = 'Waiting' ORDER BY number LIMIT 1{_dialect.SkipLocked}",
                row => row.GetInt32(0), ("@name", name));
            var trials = Trials(database, study);
            // On a retry, the server may have committed the claim without confirming it. A worker holds one trial at once, so return it.
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

    /// <summary>Whether all trials of a study have ended and no new ones will start.</summary>
    /// <param name="name">The study.</param>
    /// <param name="tuner">The tuner of a study with a custom one.</param>
    public bool IsDone(string name, ITuner? tuner = null) => _database.InTransaction(database =>
    {
        var study = Definition(database, name);
        var trials = Trials(database, study);
        return !trials.Any(trial => trial.State is TrialState.Running or TrialState.Waiting) && Rungs.Next(study, trials) is null
            && study.Propose(trials, tuner) is null;
    });

    /// <summary>Sends a heartbeat.</summary>
    /// <returns>False if another worker has the trial now; then the running work is useless.</returns>
    public bool Renew(string name, StudyClaim claim, TimeSpan lease)
    {
        ArgumentNullException.ThrowIfNull(claim);
        // Don't retry, because the next heartbeat comes soon.
        return Change(name, claim, $"lease = {_dialect.Now} + @lease", isPatient: false, ("@lease", lease.TotalSeconds));
    }

    /// <summary>Reports the score of a trial that reached its epoch budget.</summary>
    /// <returns>False if another worker has the trial now; then that worker's report counts.</returns>
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

    /// <summary>Releases a trial, so that any worker can resume it.</summary>
    public bool Release(string name, StudyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Change(name, claim, "state = 'Waiting', worker = NULL, lease = NULL", isPatient: true);
    }

    /// <summary>Updates a trial if the claim is still valid.</summary>
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

    /// <summary>Reads database content, which another program may have changed.</summary>
    /// <exception cref="ExperimentException">The content isn't valid.</exception>
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
