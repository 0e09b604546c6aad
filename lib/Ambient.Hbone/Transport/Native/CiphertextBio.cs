using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ambient.Hbone.Transport.Native;

/// <summary>
/// Ciphertext on its way between the socket and OpenSSL. One receive brings several records and one send takes several,
/// where OpenSSL's own socket BIO would make a call or two for each. Blocks are held only while they hold bytes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CiphertextBuffers
{
    public byte* In;
    public int InStart;
    public int InEnd;
    public byte* Out;
    public int OutStart;
    public int OutEnd;
}

/// <summary>The BIO method over <see cref="CiphertextBuffers"/>: never blocks, never makes a system call.</summary>
internal static unsafe class CiphertextBio
{
    /// <summary>Room for four full records and their overhead.</summary>
    public const int BlockSize = 72 * 1024;

    private const int FlagsRead = 0x01;
    private const int FlagsWrite = 0x02;
    private const int FlagsShouldRetry = 0x08;
    private const int FlagsAll = 0x0f;
    private const int ControlFlush = 11;
    private const int SourceSink = 0x0400;

    private const int KeptBlocks = 32;

    [ThreadStatic]
    private static Stack<nint>? _blocks;

    private static readonly nint Method = CreateMethod();

    public static nint Create(CiphertextBuffers* buffers)
    {
        nint bio = LibSsl.BIO_new(Method);
        LibSsl.BIO_set_data(bio, (nint)buffers);
        LibSsl.BIO_set_init(bio, 1);
        return bio;
    }

    public static byte* RentBlock() => _blocks is { Count: > 0 } blocks ? (byte*)blocks.Pop() : (byte*)NativeMemory.Alloc(BlockSize);

    public static void ReturnBlock(ref byte* block)
    {
        if (block is null)
        {
            return;
        }

        Stack<nint> blocks = _blocks ??= new Stack<nint>();
        if (blocks.Count < KeptBlocks)
        {
            blocks.Push((nint)block);
        }
        else
        {
            NativeMemory.Free(block);
        }

        block = null;
    }

    private static nint CreateMethod()
    {
        nint method = LibSsl.BIO_meth_new(LibSsl.BIO_get_new_index() | SourceSink, "ambient ciphertext");
        _ = LibSsl.BIO_meth_set_read(method, &Read);
        _ = LibSsl.BIO_meth_set_write(method, &Write);
        _ = LibSsl.BIO_meth_set_ctrl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* buffer, int count)
    {
        CiphertextBuffers* b = (CiphertextBuffers*)LibSsl.BIO_get_data(bio);
        LibSsl.BIO_clear_flags(bio, FlagsAll);
        int held = b->InEnd - b->InStart;
        if (held == 0)
        {
            LibSsl.BIO_set_flags(bio, FlagsRead | FlagsShouldRetry);
            return -1;
        }

        int taken = Math.Min(held, count);
        Buffer.MemoryCopy(b->In + b->InStart, buffer, count, taken);
        b->InStart += taken;
        return taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* buffer, int count)
    {
        CiphertextBuffers* b = (CiphertextBuffers*)LibSsl.BIO_get_data(bio);
        LibSsl.BIO_clear_flags(bio, FlagsAll);
        if (b->Out is null)
        {
            b->Out = RentBlock();
            b->OutStart = b->OutEnd = 0;
        }

        int room = BlockSize - b->OutEnd;
        if (room < count)
        {
            // Only ever in a handshake with an enormous chain; records are cut so that they fit.
            LibSsl.BIO_set_flags(bio, FlagsWrite | FlagsShouldRetry);
            return -1;
        }

        Buffer.MemoryCopy(buffer, b->Out + b->OutEnd, room, count);
        b->OutEnd += count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static long Control(nint bio, int command, long value, nint pointer) => command == ControlFlush ? 1 : 0;
}
