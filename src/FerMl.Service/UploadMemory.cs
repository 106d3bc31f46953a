using Microsoft.AspNetCore.Http;

namespace FerMl.Service;

/// <summary>The memory for the uploads of all requests together: whoever comes when there is no more is told to come again.</summary>
/// <param name="most">How much there is, in bytes.</param>
internal sealed class UploadMemory(long most)
{
    private readonly long _most = most;
    private long _taken;

    /// <summary>The memory of one request, given back when it is disposed of.</summary>
    public Share Open() => new(this);

    /// <summary>What a request takes.</summary>
    public sealed class Share(UploadMemory memory) : IDisposable
    {
        private long _taken;

        /// <summary>Takes some more.</summary>
        /// <exception cref="BadHttpRequestException">There is no more.</exception>
        public void Take(int bytes)
        {
            _taken += bytes;
            if (Interlocked.Add(ref memory._taken, bytes) > memory._most)
                throw new BadHttpRequestException(
                    "The service has too many uploads at a time; try again in a moment.", StatusCodes.Status503ServiceUnavailable);
        }

        public void Dispose() => Interlocked.Add(ref memory._taken, -Interlocked.Exchange(ref _taken, 0));
    }
}
