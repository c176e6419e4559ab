import ArgumentParser

@main
struct Esvault: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "esvault")
}
