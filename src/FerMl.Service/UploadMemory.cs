using Microsoft.AspNetCore.Http;

namespace FerMl.Service;

/// <summary>The memory budget for the uploads of all requests. When it is exhausted, requests are rejected and can retry.</summary>
/// <param name="capacity">The budget in bytes.</param>
internal sealed class UploadMemory(long capacity)
{
    private readonly long _capacity = capacity;
    private long _taken;

    /// <summary>Opens the share of one request, which is released when it is disposed.</summary>
    public Share Open() => new(this);

    /// <summary>The memory that one request uses.</summary>
    public sealed class Share(UploadMemory memory) : IDisposable
    {
        private long _taken;

        /// <summary>Reserves more memory.</summary>
        /// <exception cref="BadHttpRequestException">The budget is exhausted.</exception>
        public void Take(int bytes)
        {
            _taken += bytes;
            if (Interlocked.Add(ref memory._taken, bytes) > memory._capacity)
                throw new BadHttpRequestException(
                    "The service has too many uploads at a time; try again in a moment.", StatusCodes.Status503ServiceUnavailable);
        }

        public void Dispose() => Interlocked.Add(ref memory._taken, -Interlocked.Exchange(ref _taken, 0));
    }
}
