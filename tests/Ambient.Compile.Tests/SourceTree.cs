namespace Ambient.Compile.Tests;

/// <summary>Finds files of the repository from wherever the test program lies in it.</summary>
internal static class SourceTree
{
    public static string Of(string relative)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Ambient.sln")))
            {
                return Path.Combine(at.FullName, relative);
            }
        }

        throw new InvalidOperationException("the test program is not inside the repository");
    }
}
