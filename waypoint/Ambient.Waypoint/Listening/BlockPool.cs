using System.Buffers;
using System.Collections.Concurrent;

namespace Ambient.Waypoint.Listening;

/// <summary>
/// Blocks of 4 KiB for Kestrel's own buffers, used again with their owners, so that a request rents nothing anew. Bounded; what is over goes to
/// the garbage collector.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockSize = 4096, MaxKept = 1024;

    private readonly ConcurrentQueue<Block> _free = new();
    private int _kept;

    internal static new BlockPool Shared { get; } = new();

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (!_free.TryDequeue(out Block? block))
        {
            return new Block(this);
        }

        Interlocked.Decrement(ref _kept);
        block.Rented();
        return block;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref _kept) <= MaxKept)
        {
            _free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _kept);
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockSize);
        private int _returned;

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                pool.Return(this);
            }
        }

        internal void Rented() => Volatile.Write(ref _returned, 0);
    }
}
