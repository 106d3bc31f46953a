using System.Data.Common;
using System.Diagnostics;

namespace FerMl.Experiments;

/// <summary>
/// Transactions with a study's database. If a server becomes unavailable after a first success, as for an update or restart, they retry.
/// </summary>
/// <param name="dialect">The kind of database.</param>
/// <param name="name">Its name in messages.</param>
/// <param name="patience">How long to retry while a server is unavailable.</param>
/// <param name="stop">Stops the retries.</param>
internal sealed class StudyDatabase(StudyDialect dialect, string name, TimeSpan patience, CancellationToken stop = default)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), MaxPause = TimeSpan.FromSeconds(5);

    private bool _wasThere;

    public StudyDialect Dialect => dialect;

    public string Name => name;

    /// <summary>The same database, without retries once a token is canceled.</summary>
    public StudyDatabase StoppedBy(CancellationToken token) => new(dialect, name, patience, token) { _wasThere = _wasThere };

    /// <inheritdoc cref="InTransaction{T}"/>
    public void InTransaction(Action<StudyTransaction> work) => InTransaction(database =>
    {
        work(database);
        return 0;
    });

    /// <summary>Runs work in a transaction, and retries it while the server is unavailable.</summary>
    /// <param name="work">The work.</param>
    /// <param name="isPatient">Whether to retry while the server is unavailable.</param>
    /// <exception cref="ExperimentException">The database can't be used.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled during a retry.</exception>
    public T InTransaction<T>(Func<StudyTransaction, T> work, bool isPatient = true)
    {
        var watch = Stopwatch.StartNew();
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                var result = Try(work, isRetry: pause > FirstPause);
                _wasThere = true;
                return result;
            }
            catch (DbException e) when (_wasThere && isPatient && Dialect.IsAway(e) && watch.Elapsed < patience)
            {
                stop.WaitHandle.WaitOne(pause);
                stop.ThrowIfCancellationRequested();
            }
            catch (DbException e)
            {
                throw new ExperimentException($"{Name}: the study's database can't be used: {e.Message}", e);
            }
        }
    }

    private T Try<T>(Func<StudyTransaction, T> work, bool isRetry)
    {
        using var connection = Dialect.Open();
        connection.Open();
        var database = new StudyTransaction(connection, isRetry);
        database.Run(Dialect.Begin);
        try
        {
            var result = work(database);
            database.Run("COMMIT");
            return result;
        }
        catch
        {
            Undo(database);
            throw;
        }
    }

    private static void Undo(StudyTransaction database)
    {
        try
        {
            database.Run("ROLLBACK");
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // The connection is lost, and with it the transaction; the caller gets the original exception.
        }
    }
}
