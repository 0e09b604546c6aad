using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Lab.Kernel;

/// <summary>A pseudo terminal: a process has the end at <see cref="Path"/>, we read and write the other.</summary>
internal sealed unsafe class Terminal : IDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100 | Native.OCloExec;
    private const nuint SetWindowSize = 0x5414;

    private readonly int fd;

    private Terminal(int fd, string path)
    {
        this.fd = fd;
        Path = path;
        Stream = new FileStream(new SafeFileHandle(fd, ownsHandle: true), FileAccess.ReadWrite, bufferSize: 0, isAsync: false);
    }

    public string Path { get; }

    /// <summary>Reading fails when the last process has closed its end.</summary>
    public FileStream Stream { get; }

    public static Terminal Open()
    {
        var fd = Native.Check(Native.OpenTerminal(ReadWriteNoControl), "posix_openpt");
        try
        {
            Native.Check(Native.GrantTerminal(fd), "grantpt");
            Native.Check(Native.UnlockTerminal(fd), "unlockpt");
            var name = stackalloc byte[128];
            if (Native.TerminalName(fd, name, 128) != 0)
            {
                throw new IOException("ptsname_r failed");
            }

            return new Terminal(fd, Encoding.UTF8.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)));
        }
        catch
        {
            _ = Native.Close(fd);
            throw;
        }
    }

    public void Resize(ushort columns, ushort rows)
    {
        // struct winsize: rows, columns, and two that nobody uses.
        var size = stackalloc ushort[4];
        size[0] = rows;
        size[1] = columns;
        size[2] = size[3] = 0;
        _ = Native.Ioctl(fd, SetWindowSize, size);
    }

    public void Dispose() => Stream.Dispose();
}
