namespace Ambient.Cli.Tests;

/// <summary>The checkout that this test program was built in.</summary>
internal static class SourceTree
{
    public static string Of(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Ambient.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new InvalidOperationException($"no Ambient.sln above {AppContext.BaseDirectory}"), path);
    }
}
