using Ambient.Cni;
using Ambient.Cni.Installing;

if (args is ["install" or "uninstall", ..])
{
    return await InstallCommand.RunAsync(args, AppContext.BaseDirectory, Console.Out, Console.Error, TimeProvider.System);
}

string? command = Environment.GetEnvironmentVariable("CNI_COMMAND");
if (command is null)
{
    await Console.Error.WriteLineAsync($"ambient-cni: run by a container runtime with CNI_COMMAND set\n{InstallOptions.Usage}");
    return 2;
}

string input = await Console.In.ReadToEndAsync();
PluginResult result = await Plugin.RunAsync(command, input, Environment.GetEnvironmentVariable, TimeProvider.System);
await Console.Out.WriteLineAsync(result.Output);
return result.ExitCode;
