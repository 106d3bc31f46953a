using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>
/// Everything that a training needs to resume as if it had never stopped. File format: eight magic bytes, the length of a JSON header, the
/// header (state, and the name, type and shape of each tensor), the tensors' bytes in that order, and the SHA-256 of everything before it.
/// </summary>
/// <param name="Signature">Identifies the training: options, layers and data. A different training can't resume from it.</param>
/// <param name="State">The progress of the training.</param>
/// <param name="Tensors">Weights, optimizer state, moving averages and best weights, on the CPU.</param>
internal sealed record Checkpoint(string Signature, TrainingState State, IReadOnlyDictionary<string, Tensor> Tensors) : IDisposable
{
    private const int MaxHeaderBytes = 64 << 20;

    /// <summary>The supported tensor types, and the size of an element in bytes.</summary>
    private static readonly Dictionary<ScalarType, int> Sizes = new()
    {
        [ScalarType.Float32] = 4,
        [ScalarType.Float64] = 8,
        [ScalarType.Float16] = 2,
        [ScalarType.BFloat16] = 2,
        [ScalarType.Int64] = 8,
        [ScalarType.Int32] = 4,
        [ScalarType.Int16] = 2,
        [ScalarType.Int8] = 1,
        [ScalarType.Byte] = 1,
        [ScalarType.Bool] = 1,
    };

    private static ReadOnlySpan<byte> Magic => "FerMlCk1"u8;

    private sealed record Entry(string Name, ScalarType Type, long[] Shape);

    private sealed record Header(string Signature, TrainingState State, Entry[] Tensors);

    /// <summary>Writes the checkpoint to a stream.</summary>
    public void Write(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var entries = Tensors.Select(tensor => new Entry(tensor.Key, tensor.Value.dtype, tensor.Value.shape)).ToArray();
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(Signature, State, entries), FerMlJson.Line);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        Put(Magic);
        Put(length);
        Put(header);
        foreach (var tensor in Tensors.Values)
        {
            using var plain = tensor.contiguous();
            Put(plain.bytes);
        }
        stream.Write(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The content is truncated or corrupted.</exception>
    public static Checkpoint Read(ReadOnlySpan<byte> file)
    {
        LibTorch.Require();
        if (file.Length < Magic.Length + 4 + SHA256.HashSizeInBytes || !file.StartsWith(Magic))
            throw new InvalidDataException("it isn't a FerMl checkpoint, or is cut short");
        var content = file[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]))
            throw new InvalidDataException("its checksum is wrong: it was cut short or changed");
        content = content[Magic.Length..];
        var length = BinaryPrimitives.ReadInt32LittleEndian(content);
        if (length is < 0 or > MaxHeaderBytes || length > content.Length - 4)
            throw new InvalidDataException("its header is cut short");
        var header = JsonSerializer.Deserialize<Header>(content.Slice(4, length), FerMlJson.Line)
            ?? throw new InvalidDataException("its header is empty");
        content = content[(4 + length)..];
        // A valid checksum shows that the file is unchanged, not that its content was correct.
        if (header is not { Signature: not null, State.IsPossible: true, Tensors: not null })
            throw new InvalidDataException("its header has invalid values");
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in header.Tensors)
            {
                if (entry is not { Name: not null, Shape: not null } || !Sizes.TryGetValue(entry.Type, out var size)
                    || tensors.ContainsKey(entry.Name) || !Fits(entry.Shape, size, content.Length))
                    throw new InvalidDataException("its header names tensors that aren't in it");
                var values = empty(entry.Shape, entry.Type).DetachFromDisposeScope();
                tensors.Add(entry.Name, values);
                var bytes = values.bytes;
                content[..bytes.Length].CopyTo(bytes);
                content = content[bytes.Length..];
            }
            return content.IsEmpty ? new Checkpoint(header.Signature, header.State, tensors)
                : throw new InvalidDataException("it has more data than its header names");
        }
        catch
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
            throw;
        }
    }

    /// <summary>Whether a number of bytes is enough for a tensor of a shape.</summary>
    private static bool Fits(long[] shape, int size, long bytes)
    {
        long needed = size;
        foreach (var length in shape)
        {
            if (length < 0 || (length > 0 && needed > bytes / length))
                return false;
            needed *= length;
        }
        return needed <= bytes;
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}
