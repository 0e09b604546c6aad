using System.Net.Sockets;
using Ambient.Proxy.Keeping;

namespace Ambient.Ztunnel.Hosting;

/// <summary>A listening unix socket that only its owner may open, put in the place of an older one in one step.</summary>
internal static class UnixSocketFile
{
    internal static Socket Listen(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string beside = $"{path}.{Environment.ProcessId}";
        File.Delete(beside);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(beside));
            File.SetUnixFileMode(beside, StateFile.OwnerOnly);
            socket.Listen(128);
            File.Move(beside, path, overwrite: true);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
