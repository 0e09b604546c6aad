using Ambient.Lab.Kernel;

namespace Ambient.Lab.Starting;

/// <summary>Files that only their owner may read.</summary>
internal static class PrivateFile
{
    /// <summary>Replaces a file by one of mode 0600, at no moment readable to others.</summary>
    public static void Write(string path, string text)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        _ = Native.Close(Native.Check(Native.Open(fresh, 0x1 | 0x40 | 0x80 | Native.OCloExec, 0x180), $"create {fresh}"));
        File.WriteAllText(fresh, text);
        File.Move(fresh, path, overwrite: true);
    }
}
