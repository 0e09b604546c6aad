namespace Ambient.Operator.Tests.Support;

/// <summary>Finds files of the repository from wherever the test program lies in it.</summary>
internal static class Repository
{
    public static string Path(string relative)
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(at.FullName, "Ambient.sln")))
            {
                return System.IO.Path.Combine(at.FullName, relative);
            }
        }

        throw new InvalidOperationException("the test program is not inside the repository");
    }
}
