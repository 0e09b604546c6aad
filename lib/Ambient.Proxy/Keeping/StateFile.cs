namespace Ambient.Proxy.Keeping;

/// <summary>Files that survive a restart: written beside and renamed over, readable by their owner only.</summary>
internal static class StateFile
{
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode ForOthers =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    internal static void Write(string path, string content) =>
        Write(path, file => file.Write(System.Text.Encoding.UTF8.GetBytes(content)));

    /// <summary>On the disk before it takes the old one's place; when writing fails the old one stays.</summary>
    internal static void Write(string path, Action<FileStream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string beside = $"{path}.{Environment.ProcessId}.new";
        Delete(beside);
        try
        {
            using (var file = new FileStream(beside, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            Delete(beside);
            throw;
        }
    }

    /// <summary>Null when there is none. What others could have written is not believed.</summary>
    /// <exception cref="IOException">Somebody else's, or open to others.</exception>
    internal static FileStream? OpenOwn(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        try
        {
            if ((File.GetUnixFileMode(file.SafeFileHandle) & ForOthers) != 0 || !FileOwner.IsOwn(file.SafeFileHandle))
            {
                throw new IOException($"{path} is not this user's own alone");
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
