using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>Sockets of this process that live in another network namespace: made on a thread that has entered it, used from anywhere.</summary>
internal static partial class NetnsSocket
{
    private const int CloneNewNet = 0x40000000;

    public static Task<Socket> CreateAsync(string netnsPath, AddressFamily family, SocketType type, ProtocolType protocol)
    {
        var done = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                using (Microsoft.Win32.SafeHandles.SafeFileHandle netns = File.OpenHandle(netnsPath))
                {
                    if (SetNs(netns, CloneNewNet) != 0)
                    {
                        throw new IOException($"cannot enter {netnsPath}: error {Marshal.GetLastPInvokeError()}");
                    }
                }

                done.SetResult(new Socket(family, type, protocol));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        return done.Task;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(Microsoft.Win32.SafeHandles.SafeFileHandle fd, int type);
}
