using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Kernel;

/// <summary>A pipe between this process and one it spawns; both ends close on exec. The owner closes the child's end after the spawn.</summary>
internal static unsafe class Pipe
{
    /// <summary>We read what the child writes to <c>ChildEnd</c>.</summary>
    public static (AnonymousPipeClientStream Stream, int ChildEnd) FromChild()
    {
        var ends = stackalloc int[2];
        Native.Check(Native.Pipe2(ends, Native.OCloExec), "pipe2");
        return (new AnonymousPipeClientStream(PipeDirection.In, new SafePipeHandle(ends[0], ownsHandle: true)), ends[1]);
    }

    /// <summary>We write what the child reads from <c>ChildEnd</c>.</summary>
    public static (AnonymousPipeClientStream Stream, int ChildEnd) ToChild()
    {
        var ends = stackalloc int[2];
        Native.Check(Native.Pipe2(ends, Native.OCloExec), "pipe2");
        return (new AnonymousPipeClientStream(PipeDirection.Out, new SafePipeHandle(ends[1], ownsHandle: true)), ends[0]);
    }
}
