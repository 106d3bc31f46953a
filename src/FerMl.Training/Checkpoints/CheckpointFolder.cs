using System.Text.Json;

namespace FerMl.Training;

/// <summary>
/// The checkpoints of a training: the newest one, and the previous one in case the newest is damaged. A new checkpoint is written under a
/// temporary name, flushed to disk and renamed, so that an intact one exists whenever the process is killed.
/// </summary>
internal sealed class CheckpointFolder(string folder)
{
    public const string FileName = "checkpoint.bin";
    public const string PreviousFileName = "checkpoint.previous.bin";

    private string Newest => Path.Combine(folder, FileName);
    private string Previous => Path.Combine(folder, PreviousFileName);

    /// <summary>The folder's path.</summary>
    public override string ToString() => folder;

    /// <summary>Whether there is a checkpoint.</summary>
    public bool HasCheckpoint => File.Exists(Newest) || File.Exists(Previous);

    /// <summary>Writes a checkpoint; the newest one becomes the previous one.</summary>
    /// <exception cref="CheckpointException">The checkpoint can't be written; existing ones are unchanged.</exception>
    public void Save(Checkpoint checkpoint)
    {
        try
        {
            var next = Newest + ".next";
            AtomicFile.Write(next, checkpoint.Write, overwrite: true);
            if (File.Exists(Newest))
                AtomicFile.Move(Newest, Previous, overwrite: true);
            AtomicFile.Move(next, Newest, overwrite: true);
        }
        // .NET reports a file beyond the size limit of the system or the account as ArgumentOutOfRangeException.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new CheckpointException(
                $"{Newest}: the checkpoint can't be written: {e.Message} Free disk space, or make the folder writable; then continue from "
                    + $"the last one with Execution.Resume.", e);
        }
    }

    /// <summary>Deletes the checkpoints; the training can't be resumed afterwards.</summary>
    public void Delete()
    {
        File.Delete(Newest);
        File.Delete(Previous);
    }

    /// <summary>Reads the newest intact checkpoint; null where there is none at all.</summary>
    /// <param name="check">Checks a checkpoint, and throws an <see cref="InvalidDataException"/> if no training can resume from it.</param>
    /// <exception cref="CheckpointException">All existing checkpoints are damaged.</exception>
    public Checkpoint? Load(Action<Checkpoint>? check = null)
    {
        CheckpointException? problem = null;
        foreach (var path in new[] { Newest, Previous }.Where(File.Exists))
        {
            Checkpoint? read = null;
            try
            {
                read = Checkpoint.Read(File.ReadAllBytes(path));
                check?.Invoke(read);
                return read;
            }
            catch (Exception e) when (e is InvalidDataException or JsonException or IOException or UnauthorizedAccessException)
            {
                read?.Dispose();
                problem ??= new CheckpointException(
                    $"{path}: the checkpoint can't be used: {e.Message}. Start again with TrainingRunOptions.Overwrite, or put back a copy "
                        + $"of the file.", e);
            }
        }
        return problem is null ? null : throw problem;
    }
}
