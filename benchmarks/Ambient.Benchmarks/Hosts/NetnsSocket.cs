using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Benchmarks.Hosts;

/// <summary>Sockets of this process in another network namespace: made on a thread that has entered it, used from anywhere.</summary>
internal static partial class NetnsSocket
{
    private const int CloneNewNet = 0x40000000;

    public static Task<Socket> CreateAsync(string netnsPath)
    {
        TaskCompletionSource<Socket> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            try
            {
                using SafeFileHandle netns = File.OpenHandle(netnsPath);
                if (SetNs(netns, CloneNewNet) != 0)
                {
                    throw new IOException($"cannot enter {netnsPath}: error {Marshal.GetLastPInvokeError()}");
                }

                done.SetResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
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
    private static partial int SetNs(SafeFileHandle fd, int type);
}
